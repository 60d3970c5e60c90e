import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { ProductId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/http/paging.ts';
import { foreignKeyViolation, unlessRefused } from '../../../platform/data/savepoint.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import type { Product } from '../../desk/orders/catalogue.ts';
import { insertUnderSlug } from '../../tenancy/references/slug.ts';
import { archiving } from '../services/service.ts';
import { getTenant } from '../../tenancy/tenants/service.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as queries from './queries.ts';
import { presentProduct } from './schema.ts';

export interface CatalogueProduct extends Product {
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewProduct {
  readonly slug?: string | undefined;
  readonly name: string;
  readonly description: string;
  readonly priceMinor: number;
  /** The company's, where left out. */
  readonly currency?: string | undefined;
  readonly active: boolean;
}

export type ProductChanges = {
  readonly [Field in Exclude<keyof NewProduct, 'slug'>]?: NewProduct[Field] | undefined;
} & { readonly archived?: boolean | undefined };

export interface ListProducts extends PageRequest {
  readonly q?: string | undefined;
  readonly active?: boolean | undefined;
  readonly archived?: boolean | undefined;
}

/** By name. */
export function listProducts<Item>(
  db: Db,
  tenantId: TenantId,
  { limit, cursor, q = '', active, archived = false }: ListProducts,
  present: (product: CatalogueProduct) => Item,
): Promise<Page<Item>> {
  const key = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string(), z.string()]));
  const filter = {
    words: q.split(/\s+/).filter(Boolean),
    available: active,
    archived,
    after: key === undefined ? undefined : { name: key[0], id: key[1] as ProductId },
    limit: limit + 1,
  };
  return inTenant(db, tenantId, async (transaction) => {
    const rows = await queries.listProducts(transaction, tenantId, filter);
    return toPage(rows, limit, ({ name, id }) => [name, id], present);
  });
}

export function getProduct(db: Db, tenantId: TenantId, id: ProductId): Promise<CatalogueProduct> {
  return inTenant(
    db,
    tenantId,
    async (transaction) => (await queries.findProduct(transaction, tenantId, id)) ?? noSuchProduct(),
  );
}

export function createProduct(db: Db, actor: TenantActor, input: NewProduct): Promise<CatalogueProduct> {
  const { tenantId } = actor;
  const { slug: wanted, active, currency, ...values } = input;
  return inTenant(db, tenantId, async (transaction) => {
    const product = {
      ...values,
      id: newId('prd'),
      available: active,
      currency: currency ?? (await getTenant(transaction, tenantId)).currency,
    };
    const after = await insertUnderSlug({ slug: wanted, name: input.name, kind: 'product' }, (slug) =>
      queries.insertProduct(transaction, tenantId, { ...product, slug }),
    );
    await record(transaction, actor, { action: 'product.created', id: after.id, after });
    return after;
  });
}

export function changeProduct(
  db: Db,
  actor: TenantActor,
  id: ProductId,
  { changes, ifMatch }: { readonly changes: ProductChanges; readonly ifMatch: string | undefined },
): Promise<CatalogueProduct> {
  const { tenantId } = actor;
  const { archived, active, ...values } = changes;
  return inTenant(db, tenantId, async (transaction) => {
    const before = (await queries.lockProduct(transaction, tenantId, id)) ?? noSuchProduct();
    checkMatch(ifMatch, presentProduct(before));
    const { active: available = active, archivedAt } = archiving(before, { archived, active });
    const after = await queries.updateProduct(transaction, tenantId, id, {
      ...values,
      available,
      archivedAt,
    });
    await record(transaction, actor, { action: 'product.updated', id, before, after });
    return after;
  });
}

/** Removes it, or puts it away when there are orders that name it. */
export function removeProduct(db: Db, actor: TenantActor, id: ProductId): Promise<void> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const before = (await queries.lockProduct(transaction, tenantId, id)) ?? noSuchProduct();
    const isRemoved = await unlessRefused(transaction, [foreignKeyViolation], () =>
      queries.deleteProduct(transaction, tenantId, id),
    );
    if (!isRemoved) {
      const away = { available: false, archivedAt: new Date() };
      await queries.updateProduct(transaction, tenantId, id, away);
    }
    const action = isRemoved ? 'product.deleted' : 'product.archived';
    await record(transaction, actor, { action, id, before });
  });
}

function record(
  transaction: Db,
  actor: TenantActor,
  change: {
    readonly action: string;
    readonly id: ProductId;
    readonly before?: CatalogueProduct;
    readonly after?: CatalogueProduct;
  },
): Promise<void> {
  const { id, ...rest } = change;
  return recordChange(transaction, actor, { ...rest, resource: 'product', resourceId: id });
}

function noSuchProduct(): never {
  throw new NotFound('There is no such product.');
}
