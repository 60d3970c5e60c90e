import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { ServiceId } from '../../tenancy/references/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as queries from './queries.ts';

/** Something people can book. */
export interface Service {
  readonly id: ServiceId;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly durationMinutes: number;
  readonly bufferMinutes: number;
  readonly priceMinor: number;
  readonly currency: string;
  readonly active: boolean;
}

/** Who or what does it: one booking at a time. */
export interface BookingResource {
  readonly id: BookingResourceId;
  readonly slug: string;
  readonly name: string;
  readonly active: boolean;
}

/** Adds the service, or brings the one with this slug up to date. */
export function saveService(db: Db, tenantId: TenantId, input: Omit<Service, 'id'>): Promise<Service> {
  return inTenant(db, tenantId, (transaction) =>
    queries.upsertService(transaction, tenantId, { id: newId('svc'), ...input }),
  );
}

export function saveResource(
  db: Db,
  tenantId: TenantId,
  input: Omit<BookingResource, 'id'>,
): Promise<BookingResource> {
  return inTenant(db, tenantId, (transaction) =>
    queries.upsertResource(transaction, tenantId, { id: newId('rsc'), ...input }),
  );
}

/** What can be booked now, by name. */
export async function listServices(db: Db, tenantId: TenantId): Promise<readonly Service[]> {
  const services = await inTenant(db, tenantId, (transaction) => queries.listServices(transaction, tenantId));
  return services.filter(({ active }) => active);
}

/** A service as a caller or a model names it: id, slug or name, in any case. */
export async function getService(
  db: Db,
  tenantId: TenantId,
  wanted: string,
  options: { readonly includeInactive?: boolean } = {},
): Promise<Service> {
  const all = await inTenant(db, tenantId, (transaction) => queries.listServices(transaction, tenantId));
  const services = all.filter(({ active }) => active || options.includeInactive === true);
  const key = wanted.trim().toLowerCase();
  const service = services.find(
    ({ id, slug, name }) => id === key || slug === key || name.toLowerCase() === key,
  );
  if (service !== undefined) return service;
  const offer = services.map(({ name }) => name).join(', ') || 'nothing at the moment';
  throw new NotFound(`"${wanted}" cannot be booked here. What can: ${offer}.`, {
    code: 'service-not-offered',
    data: { offered: services.map(({ name }) => name) },
  });
}

export async function serviceNames(tx: Tx, ids: readonly ServiceId[]): Promise<ReadonlyMap<string, string>> {
  const rows = await queries.listNames(tx, tx.tenantId, 'service', ids);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function resourceNames(
  tx: Tx,
  ids: readonly BookingResourceId[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await queries.listNames(tx, tx.tenantId, 'bookingResource', ids);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
