import type { Tx } from '../../tenancy/tenancy.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import type { Booking } from './booking.ts';
import type { BookingRow } from './booking-table.ts';
import { formatLocalTime, spokenTime } from '../../catalog/opening-hours/opening-hours.ts';
import { resourceNames } from '../../catalog/resources/resources.ts';
import { serviceNames } from '../../catalog/services/services.ts';

/** Data of a response that is not in the booking's row. */
export interface BookingContext {
  readonly serviceName: string;
  readonly resourceName: string;
  /** Time zone of the business. */
  readonly timeZone: string;
}

export function toBooking(row: BookingRow, { serviceName, resourceName, timeZone }: BookingContext): Booking {
  return { ...row, serviceName, resourceName, ...formatTime(row.startsAt, timeZone) };
}

/** Adds the names of services and resources, and local times. */
export async function toBookings(tx: Tx, rows: readonly BookingRow[]): Promise<readonly Booking[]> {
  if (rows.length === 0) return [];
  const { timeZone } = await getTenant(tx);
  const services = await serviceNames(tx, [...new Set(rows.map(({ serviceId }) => serviceId))]);
  const resources = await resourceNames(tx, [...new Set(rows.map(({ resourceId }) => resourceId))]);
  return rows.map((row) =>
    toBooking(row, {
      serviceName: services.get(row.serviceId)!,
      resourceName: resources.get(row.resourceId)!,
      timeZone,
    }),
  );
}

export function formatTime(
  at: Date,
  timeZone: string,
): { readonly localTime: string; readonly spokenTime: string } {
  return { localTime: formatLocalTime(at, timeZone), spokenTime: spokenTime(at, timeZone) };
}
