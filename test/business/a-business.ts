import { onTestFinished } from 'vitest';
import type { Db } from '../../src/platform/db.ts';
import { newId, type TenantId } from '../../src/platform/ids.ts';
import type { Service } from '../../src/business/bookings/offer.ts';
import { saveResource, saveService, setOpeningHours } from '../../src/business/bookings/offer.ts';
import { findOrCreateCustomerByPhone } from '../../src/business/customers/service.ts';
import { createTenant } from '../../src/business/tenants/service.ts';

export interface BusinessOptions {
  readonly timeZone?: string;
  readonly chairs?: number;
  readonly service?: Partial<Omit<Service, 'id'>>;
}

let phones = 0;

/** Nobody else's phone number. */
export function aPhone(): string {
  phones += 1;
  return `+1415555${String(phones).padStart(4, '0')}`;
}

export async function aTenant(db: Db, timeZone = 'America/New_York'): Promise<TenantId> {
  const slug = newId('slug').slice(5);
  return (await createTenant(db, { slug, name: 'Harbour Street', timeZone, currency: 'USD' })).id;
}

export async function aCustomer(db: Db, tenantId: TenantId) {
  return findOrCreateCustomerByPhone(db, tenantId, { phone: aPhone() });
}

/** Open nine to six on weekdays, one or more chairs, one service: a trim of an hour with a quarter after it. */
export async function aSalon(db: Db, options: BusinessOptions = {}) {
  const tenantId = await aTenant(db, options.timeZone);
  for (let chair = 1; chair <= (options.chairs ?? 1); chair += 1) {
    await saveResource(db, tenantId, { slug: `chair-${chair}`, name: `Chair ${chair}`, active: true });
  }
  await setOpeningHours(
    db,
    tenantId,
    [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opensAtMinute: 9 * 60, closesAtMinute: 18 * 60 })),
  );
  const service = await saveService(db, tenantId, {
    slug: 'trim',
    name: 'Trim',
    description: '',
    durationMinutes: 60,
    bufferMinutes: 15,
    priceMinor: 4_000,
    currency: 'USD',
    active: true,
    ...options.service,
  });
  return { tenantId, service, customer: await aCustomer(db, tenantId) };
}

/** Closes it when the test ends. */
export function disposeAfter<Resource extends AsyncDisposable>(resource: Resource): Resource {
  onTestFinished(() => resource[Symbol.asyncDispose]());
  return resource;
}
