import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ServiceId } from '../../tenancy/references/ids.ts';
import type { Service } from './offer.ts';

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
] as const;

export function upsertService(db: Db, tenantId: TenantId, service: Service) {
  const { id: _, slug: __, ...changes } = service;
  return db
    .insertInto('service')
    .values({ tenantId, ...service })
    .onConflict((conflict) =>
      // What was put away is brought back.
      conflict.columns(['tenantId', 'slug']).doUpdateSet({ ...changes, archivedAt: null }),
    )
    .returning(serviceColumns)
    .executeTakeFirstOrThrow();
}

export function listServices(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('service')
    .select(serviceColumns)
    .where('tenantId', '=', tenantId)
    .orderBy('name')
    .orderBy('id')
    .execute();
}

export interface NewResource {
  readonly id: BookingResourceId;
  readonly slug: string;
  readonly name: string;
  readonly active: boolean;
}

export function upsertResource(db: Db, tenantId: TenantId, resource: NewResource) {
  const { name, active } = resource;
  return db
    .insertInto('bookingResource')
    .values({ tenantId, ...resource })
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'slug']).doUpdateSet({ name, active, archivedAt: null }),
    )
    .returning(['id', 'slug', 'name', 'active'])
    .executeTakeFirstOrThrow();
}

/** Who performs the service: those it names, or everybody when it names none. */
export function listPerformers(db: Db, tenantId: TenantId, serviceId: ServiceId) {
  return db
    .selectFrom('bookingResource')
    .select(['id', 'name'])
    .where('tenantId', '=', tenantId)
    .where('active', '=', true)
    .where((row) => {
      const assigned = row
        .selectFrom('serviceResource')
        .select('serviceResource.resourceId')
        .where('serviceResource.tenantId', '=', tenantId)
        .where('serviceResource.serviceId', '=', serviceId);
      return row.or([
        row.not(row.exists(assigned)),
        row.exists(assigned.whereRef('serviceResource.resourceId', '=', 'bookingResource.id')),
      ]);
    })
    .orderBy('slug')
    .execute();
}

export function listNames(
  db: Db,
  tenantId: TenantId,
  table: 'service' | 'bookingResource',
  ids: readonly string[],
) {
  return db
    .selectFrom(table)
    .select(['id', 'name'])
    .where('tenantId', '=', tenantId)
    .where('id', 'in', ids as never)
    .execute();
}

/** Those archived too: what is booked with them is shown. */
export function listAllResources(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('bookingResource')
    .select(['id', 'name', 'active'])
    .where('tenantId', '=', tenantId)
    .orderBy('name')
    .orderBy('id')
    .execute();
}
