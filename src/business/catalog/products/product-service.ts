import { newId } from '../../../platform/data/ids.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import { containingWords, matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { foreignKeyViolation, unlessRefused } from '../../../platform/data/savepoint.ts';
import type { RequestedChange } from '../../../platform/data/version.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { ProductId } from '../../tenancy/ids/ids.ts';
import { insertUnderSlug } from '../../tenancy/references/references.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import { archivedNow, archiving } from '../archiving.ts';
import type { NewProduct, Product, ProductChanges } from './product.ts';
import { productEvents } from './product-events.ts';
import { productTable } from './product-table.ts';

export interface ProductFilter {
  readonly q?: string | undefined;
  readonly active?: boolean | undefined;
  readonly archived?: boolean | undefined;
}

const byName = keyset({ column: 'product.name' }, { column: 'product.id' });

/** Ordered by name. */
export function listProducts(
  tx: Tx,
  { limit, cursor, q, active, archived = false }: PageRequest & ProductFilter,
): Promise<Page<Product>> {
  const query = tx
    .selectFrom('product')
    .select(productTable.columns)
    .where(matching('product', { tenantId: tx.tenantId, active }))
    .where('archivedAt', archived ? 'is not' : 'is', null)
    .where(containingWords('product.name', q));
  return byName.page(query, { limit, cursor });
}

export function getProduct(tx: Tx, id: ProductId): Promise<Product> {
  return productTable.get(tx, id);
}

export async function createProduct(tx: Tx, actor: TenantActor, input: NewProduct): Promise<Product> {
  const currency = input.currency ?? (await getTenant(tx)).currency;
  const after = await insertUnderSlug({ slug: input.slug, name: input.name, kind: 'product' }, (slug) =>
    productTable.insert(tx, { ...input, id: newId('prd'), slug, currency }),
  );
  await happened(tx, actor, productEvents.created({ subject: after.id, after }));
  return after;
}

export async function changeProduct(
  tx: Tx,
  actor: TenantActor,
  id: ProductId,
  { changes, ifMatch }: RequestedChange<ProductChanges>,
): Promise<Product> {
  const { archived, active, ...values } = changes;
  const before = await productTable.lock(tx, id, ifMatch);
  const after = await productTable.update(tx, id, {
    ...values,
    active,
    ...archiving(before, { archived, active }),
  });
  await happened(tx, actor, productEvents.updated({ subject: id, before, after }));
  return after;
}

/** Removes a product, or archives it if orders refer to it. */
export async function removeProduct(tx: Tx, actor: TenantActor, id: ProductId): Promise<void> {
  const before = await productTable.lock(tx, id);
  const isRemoved = await unlessRefused(tx, [foreignKeyViolation], () => productTable.remove(tx, id));
  if (!isRemoved) await productTable.update(tx, id, archivedNow());
  const fact = isRemoved ? productEvents.deleted : productEvents.archived;
  await happened(tx, actor, fact({ subject: id, before }));
}
