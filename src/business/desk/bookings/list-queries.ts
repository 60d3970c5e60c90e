import { sql } from 'kysely';
import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';
import type { BookingStatus } from './booking-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { BookingId, CallId, CustomerId, ServiceId } from '../../tenancy/references/ids.ts';
import { selectBookings } from './queries.ts';

export interface BookingFilter {
  readonly status?: readonly BookingStatus[] | undefined;
  readonly serviceId?: ServiceId | undefined;
  readonly resourceId?: BookingResourceId | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

export interface BookingListing extends BookingFilter {
  readonly reference?: string | undefined;
  readonly order: 'soonest' | 'latest';
  readonly after?: { readonly startsAt: Date; readonly id: BookingId } | undefined;
  readonly limit: number;
}

export function listBookings(db: Db, tenantId: TenantId, listing: BookingListing) {
  const { status, serviceId, resourceId, customerId, callId, from, to, reference, after } = listing;
  const direction = listing.order === 'soonest' ? 'asc' : 'desc';
  return selectBookings(db, tenantId)
    .$if(status !== undefined, (query) => query.where('booking.status', 'in', [...status!]))
    .$if(serviceId !== undefined, (query) => query.where('booking.serviceId', '=', serviceId!))
    .$if(resourceId !== undefined, (query) => query.where('booking.resourceId', '=', resourceId!))
    .$if(customerId !== undefined, (query) => query.where('booking.customerId', '=', customerId!))
    .$if(callId !== undefined, (query) => query.where('booking.callId', '=', callId!))
    .$if(from !== undefined, (query) => query.where('booking.startsAt', '>=', from!))
    .$if(to !== undefined, (query) => query.where('booking.startsAt', '<', to!))
    .$if(reference !== undefined, (query) => query.where('booking.reference', '=', reference!))
    .$if(after !== undefined, (query) =>
      query.where((row) =>
        row(
          row.refTuple('booking.startsAt', 'booking.id'),
          direction === 'asc' ? '>' : '<',
          row.tuple(after!.startsAt, after!.id),
        ),
      ),
    )
    .orderBy('booking.startsAt', direction)
    .orderBy('booking.id', direction)
    .limit(listing.limit)
    .execute();
}

/**
 * How many start on each day, by status. The days are given as the instants they begin at (and the last one ends
 * at), so that one source of time zones decides when a day begins.
 */
export async function countByDay(db: Db, tenantId: TenantId, boundaries: readonly Date[]) {
  const instants = `{${boundaries.map((at) => at.toISOString()).join(',')}}`;
  const { rows } = await sql<{ day: number; status: BookingStatus; count: number }>`
    select width_bucket(starts_at, ${instants}::timestamptz[]) as day, status, count(*)::int as count
    from booking
    where tenant_id = ${tenantId}
      and starts_at >= ${boundaries.at(0)!} and starts_at < ${boundaries.at(-1)!}
    group by 1, 2`.execute(db);
  return rows;
}

/** All that is not cancelled and touches the time between, soonest first. */
export function listBetween(
  db: Db,
  tenantId: TenantId,
  between: { readonly from: Date; readonly until: Date },
) {
  return (
    selectBookings(db, tenantId)
      .select('booking.blockedUntil')
      .where('booking.status', '!=', 'cancelled')
      .where('booking.startsAt', '<', between.until)
      // No service with its buffer is longer than this, and the index goes by when a booking starts.
      .where('booking.startsAt', '>', new Date(between.from.getTime() - longestBlockedMs))
      .where('booking.blockedUntil', '>', between.from)
      .orderBy('booking.startsAt')
      .orderBy('booking.id')
      .execute()
  );
}

// 1440 minutes of service and 480 of buffer, as the table allows.
const longestBlockedMs = 1_920 * 60_000;

/** Those put away too: what is booked with them is shown. */
export function listAllResources(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('bookingResource')
    .select(['id', 'name', 'active'])
    .where('tenantId', '=', tenantId)
    .orderBy('name')
    .orderBy('id')
    .execute();
}
