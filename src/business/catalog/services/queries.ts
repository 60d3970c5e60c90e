import { sql, type Updateable } from 'kysely';
import type { BookingResourceId, BookingResourceTable } from './booking-resource-table.ts';
import type { ServiceTable } from './service-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ServiceId } from '../../tenancy/references/ids.ts';

export interface CatalogueFilter<Id extends string> {
  readonly active?: boolean | undefined;
  readonly archived: boolean;
  readonly after?: { readonly name: string; readonly id: Id } | undefined;
  readonly limit: number;
}

const serviceColumns = [
  'id',
  'slug',
  'name',
  'description',
  'durationMinutes',
  'bufferMinutes',
  'priceMinor',
  'currency',
  'active',
  'archivedAt',
  'createdAt',
  'updatedAt',
] as const;

export type ServiceValues = Omit<
  ServiceTable,
  | 'tenantId'
  | 'id'
  | 'slug'
  | 'version'
  | 'createdAt'
  | 'updatedAt'
  | 'archivedAt'
  | 'description'
  | 'bufferMinutes'
  | 'active'
> & { description: string; bufferMinutes: number; active: boolean };

/** Undefined when the slug is taken. */
export function insertService(
  db: Db,
  tenantId: TenantId,
  service: ServiceValues & { readonly id: ServiceId; readonly slug: string },
) {
  return db
    .insertInto('service')
    .values({ tenantId, ...service })
    .onConflict((conflict) => conflict.columns(['tenantId', 'slug']).doNothing())
    .returning(serviceColumns)
    .executeTakeFirst();
}

export function listServices(db: Db, tenantId: TenantId, filter: CatalogueFilter<ServiceId>) {
  const { active, archived, after, limit } = filter;
  return db
    .selectFrom('service')
    .select(serviceColumns)
    .where('tenantId', '=', tenantId)
    .where('archivedAt', archived ? 'is not' : 'is', null)
    .$if(active !== undefined, (query) => query.where('active', '=', active!))
    .$if(after !== undefined, (query) =>
      query.where((row) => row(row.refTuple('name', 'id'), '>', row.tuple(after!.name, after!.id))),
    )
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute();
}

export function findService(db: Db, tenantId: TenantId, id: ServiceId) {
  return db
    .selectFrom('service')
    .select(serviceColumns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Holds it until the transaction ends. */
export function lockService(db: Db, tenantId: TenantId, id: ServiceId) {
  return db
    .selectFrom('service')
    .select(serviceColumns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export function updateService(db: Db, tenantId: TenantId, id: ServiceId, values: Updateable<ServiceTable>) {
  return db
    .updateTable('service')
    .set({ ...values, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .returning(serviceColumns)
    .executeTakeFirstOrThrow();
}

export function deleteService(db: Db, tenantId: TenantId, id: ServiceId) {
  return db.deleteFrom('service').where('tenantId', '=', tenantId).where('id', '=', id).execute();
}

/** Which resources perform these services. */
export function listAssignments(db: Db, tenantId: TenantId, serviceIds: readonly ServiceId[]) {
  return db
    .selectFrom('serviceResource')
    .select(['serviceId', 'resourceId'])
    .where('tenantId', '=', tenantId)
    .where('serviceId', 'in', [...serviceIds])
    .orderBy('serviceId')
    .orderBy('resourceId')
    .execute();
}

export async function replaceAssignments(
  db: Db,
  tenantId: TenantId,
  serviceId: ServiceId,
  resourceIds: readonly BookingResourceId[],
): Promise<void> {
  await db
    .deleteFrom('serviceResource')
    .where('tenantId', '=', tenantId)
    .where('serviceId', '=', serviceId)
    .execute();
  if (resourceIds.length === 0) return;
  await db
    .insertInto('serviceResource')
    .values(resourceIds.map((resourceId) => ({ tenantId, serviceId, resourceId })))
    .execute();
}

const resourceColumns = [
  'id',
  'slug',
  'name',
  'kind',
  'active',
  'archivedAt',
  'createdAt',
  'updatedAt',
] as const;

/** Undefined when the slug is taken. */
export function insertResource(
  db: Db,
  tenantId: TenantId,
  resource: {
    readonly id: BookingResourceId;
    readonly slug: string;
    readonly name: string;
    readonly kind: 'person' | 'place' | 'equipment';
    readonly active: boolean;
  },
) {
  return db
    .insertInto('bookingResource')
    .values({ tenantId, ...resource })
    .onConflict((conflict) => conflict.columns(['tenantId', 'slug']).doNothing())
    .returning(resourceColumns)
    .executeTakeFirst();
}

export function listResources(db: Db, tenantId: TenantId, filter: CatalogueFilter<BookingResourceId>) {
  const { active, archived, after, limit } = filter;
  return db
    .selectFrom('bookingResource')
    .select(resourceColumns)
    .where('tenantId', '=', tenantId)
    .where('archivedAt', archived ? 'is not' : 'is', null)
    .$if(active !== undefined, (query) => query.where('active', '=', active!))
    .$if(after !== undefined, (query) =>
      query.where((row) => row(row.refTuple('name', 'id'), '>', row.tuple(after!.name, after!.id))),
    )
    .orderBy('name')
    .orderBy('id')
    .limit(limit)
    .execute();
}

export function findResource(db: Db, tenantId: TenantId, id: BookingResourceId) {
  return db
    .selectFrom('bookingResource')
    .select(resourceColumns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Holds it until the transaction ends. */
export function lockResource(db: Db, tenantId: TenantId, id: BookingResourceId) {
  return db
    .selectFrom('bookingResource')
    .select(resourceColumns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export function updateResource(
  db: Db,
  tenantId: TenantId,
  id: BookingResourceId,
  values: Updateable<BookingResourceTable>,
) {
  return db
    .updateTable('bookingResource')
    .set({ ...values, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .returning(resourceColumns)
    .executeTakeFirstOrThrow();
}

export function deleteResource(db: Db, tenantId: TenantId, id: BookingResourceId) {
  return db.deleteFrom('bookingResource').where('tenantId', '=', tenantId).where('id', '=', id).execute();
}

export async function countResources(
  db: Db,
  tenantId: TenantId,
  ids: readonly BookingResourceId[],
): Promise<number> {
  const rows = await db
    .selectFrom('bookingResource')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('id', 'in', [...ids])
    .where('archivedAt', 'is', null)
    .execute();
  return rows.length;
}
