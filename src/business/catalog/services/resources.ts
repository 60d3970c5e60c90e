import { z } from 'zod';
import type { BookingResourceId, ResourceKind } from './booking-resource-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import { decodeCursor, type Page, toPage } from '../../../platform/data/paging.ts';
import { foreignKeyViolation, unlessRefused } from '../../../platform/data/savepoint.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import type { BookingResource } from '../../desk/bookings/offer.ts';
import { insertUnderSlug } from '../../tenancy/references/slug.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as queries from './queries.ts';
import { presentResource } from './schema.ts';
import { archivedNow, archiving } from '../archiving.ts';
import type { ListCatalogue } from './service.ts';

/** Who or what performs services: one booking at a time. */
export interface Resource extends BookingResource {
  readonly kind: ResourceKind;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface NewResource {
  readonly slug?: string | undefined;
  readonly name: string;
  readonly kind: ResourceKind;
  readonly active: boolean;
}

export interface ResourceChanges {
  readonly name?: string | undefined;
  readonly kind?: ResourceKind | undefined;
  readonly active?: boolean | undefined;
  readonly archived?: boolean | undefined;
}

/** By name. */
export function listResources<Item>(
  db: Db,
  tenantId: TenantId,
  { limit, cursor, active, archived = false }: ListCatalogue,
  present: (resource: Resource) => Item,
): Promise<Page<Item>> {
  const key = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string(), z.string()]));
  const after = key === undefined ? undefined : { name: key[0], id: key[1] as BookingResourceId };
  return inTenant(db, tenantId, async (transaction) => {
    const filter = { active, archived, after, limit: limit + 1 };
    const rows = await queries.listResources(transaction, tenantId, filter);
    return toPage(rows, limit, ({ name, id }) => [name, id], present);
  });
}

export function getResource(db: Db, tenantId: TenantId, id: BookingResourceId): Promise<Resource> {
  return inTenant(
    db,
    tenantId,
    async (transaction) => (await queries.findResource(transaction, tenantId, id)) ?? noSuchResource(),
  );
}

export function createResource(
  db: Db,
  actor: TenantActor,
  { slug: wanted, ...values }: NewResource,
): Promise<Resource> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const resource = { ...values, id: newId('rsc') };
    const created = await insertUnderSlug({ slug: wanted, name: values.name, kind: 'resource' }, (slug) =>
      queries.insertResource(transaction, tenantId, { ...resource, slug }),
    );
    await record(transaction, actor, { action: 'resource.created', id: created.id, after: created });
    return created;
  });
}

export function changeResource(
  db: Db,
  actor: TenantActor,
  id: BookingResourceId,
  { changes, ifMatch }: { readonly changes: ResourceChanges; readonly ifMatch: string | undefined },
): Promise<Resource> {
  const { tenantId } = actor;
  const { archived, ...values } = changes;
  return inTenant(db, tenantId, async (transaction) => {
    const before = (await queries.lockResource(transaction, tenantId, id)) ?? noSuchResource();
    checkMatch(ifMatch, presentResource(before));
    const after = await queries.updateResource(transaction, tenantId, id, {
      ...values,
      ...archiving(before, { archived, active: values.active }),
    });
    await record(transaction, actor, { action: 'resource.updated', id, before, after });
    return after;
  });
}

/** Removes it, or puts it away when there are bookings that name it. */
export function removeResource(db: Db, actor: TenantActor, id: BookingResourceId): Promise<void> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const before = (await queries.lockResource(transaction, tenantId, id)) ?? noSuchResource();
    const isRemoved = await unlessRefused(transaction, [foreignKeyViolation], () =>
      queries.deleteResource(transaction, tenantId, id),
    );
    if (!isRemoved) await queries.updateResource(transaction, tenantId, id, archivedNow());
    const action = isRemoved ? 'resource.deleted' : 'resource.archived';
    await record(transaction, actor, { action, id, before });
  });
}

function record(
  transaction: Db,
  actor: TenantActor,
  change: {
    readonly action: string;
    readonly id: BookingResourceId;
    readonly before?: Resource;
    readonly after?: Resource;
  },
): Promise<void> {
  const { id, ...rest } = change;
  return recordChange(transaction, actor, { ...rest, resource: 'resource', resourceId: id });
}

function noSuchResource(): never {
  throw new NotFound('There is no such resource.');
}
