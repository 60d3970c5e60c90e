import type { BookingResourceId } from '../../../db/schema/booking-resource.ts';
import type { Db } from '../../platform/db.ts';
import { InvalidInput, NotFound } from '../../platform/errors.ts';
import { newId, type ServiceId, type TenantId } from '../../platform/ids.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import type { OpeningException, WeeklyHours } from './opening-times.ts';
import { parseLocalDate } from './local-time.ts';
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

/** Replaces the whole week. */
export async function setOpeningHours(
  db: Db,
  tenantId: TenantId,
  hours: readonly WeeklyHours[],
): Promise<void> {
  const wrong = hours.find(({ opensAtMinute, closesAtMinute }) => opensAtMinute >= closesAtMinute);
  if (wrong !== undefined) {
    throw new InvalidInput('Opening hours must end after they begin; split a night at midnight in two.');
  }
  await inTenant(db, tenantId, (transaction) => queries.replaceWeeklyHours(transaction, tenantId, hours));
}

/** Other hours, or none, on one day. */
export async function setOpeningException(
  db: Db,
  tenantId: TenantId,
  exception: OpeningException & { readonly reason: string },
): Promise<void> {
  const localDate = parseLocalDate(exception.localDate).toString();
  await inTenant(db, tenantId, (transaction) =>
    queries.upsertException(transaction, tenantId, { ...exception, localDate }),
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
  throw new NotFound(`"${wanted}" cannot be booked here. What can: ${offer}.`);
}
