import { sql } from 'kysely';
import { cursorInstant, keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { parseReference } from '../../tenancy/references/references.ts';
import type { BookingId, CallId, CustomerId, ServiceId, ResourceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Booking } from './booking.ts';
import { toBookings } from './booking-names.ts';
import { type BookingRow, type BookingStatus, bookingTable } from './booking-table.ts';

/** A booking by id or reference. With `customerId`, other customers' bookings are not found. */
export interface BookingRequest {
  readonly id?: BookingId | undefined;
  readonly reference?: string | undefined;
  readonly customerId?: CustomerId | undefined;
}

export async function findBooking(tx: Tx, request: BookingRequest): Promise<Booking | undefined> {
  const { id, customerId } = request;
  const reference = id === undefined ? parseReference('booking', request.reference ?? '') : undefined;
  if (id === undefined && reference === undefined) return undefined;
  const row = await selectBookings(tx)
    .where(matching('booking', { id, reference, customerId }))
    .executeTakeFirst();
  return row === undefined ? undefined : (await toBookings(tx, [row]))[0];
}

export async function getBooking(tx: Tx, id: BookingId): Promise<Booking> {
  const booking = await findBooking(tx, { id });
  if (booking === undefined) throw new NotFound('There is no such booking.');
  return booking;
}

export interface ListBookings extends PageRequest {
  readonly status?: readonly BookingStatus[] | undefined;
  readonly serviceId?: ServiceId | undefined;
  readonly resourceId?: ResourceId | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** A reference. */
  readonly q?: string | undefined;
  readonly order: 'soonest' | 'latest';
}

const byStart = keyset(
  { column: 'booking.starts_at', property: 'startsAt', codec: cursorInstant },
  { column: 'booking.id' },
);

export async function listBookings(tx: Tx, request: ListBookings): Promise<Page<Booking>> {
  const { limit, cursor, order, q, from, to, ...filter } = request;
  const reference = q === undefined ? undefined : (parseReference('booking', q) ?? '');
  const query = selectBookings(tx).where(
    matching('booking', { ...filter, reference, startsAt: { from, before: to } }),
  );
  const direction = order === 'soonest' ? 'asc' : 'desc';
  const { data, nextCursor } = await byStart.page(query, { limit, cursor, direction });
  return { data: [...(await toBookings(tx, data))], nextCursor };
}

/** The customer's upcoming bookings, soonest first. */
export async function listUpcomingBookings(
  tx: Tx,
  {
    customerId,
    now,
    limit = 5,
  }: { readonly customerId: CustomerId; readonly now: Date; readonly limit?: number },
): Promise<readonly Booking[]> {
  const rows = await selectBookings(tx)
    .where(matching('booking', { customerId, status: 'booked' }))
    .where('endsAt', '>', now)
    .orderBy('startsAt')
    .limit(limit)
    .execute();
  return toBookings(tx, rows);
}

/** Bookings between two instants, without the one being moved. */
export function listBusy(
  tx: Tx,
  {
    from,
    until,
    except,
  }: { readonly from: Date; readonly until: Date; readonly except?: BookingId | undefined },
) {
  const query = tx
    .selectFrom('booking')
    .select(['resourceId', 'startsAt', 'blockedUntil'])
    .where(matching('booking', { tenantId: tx.tenantId, status: 'booked', startsAt: { before: until } }))
    .where('blockedUntil', '>', from);
  return (except === undefined ? query : query.where('id', '!=', except)).execute();
}

/**
 * Counts by start day and status. Days are given as the instants of their boundaries, so that time zones are computed
 * in one place.
 */
export async function countByDay(tx: Tx, boundaries: readonly Date[]) {
  const instants = `{${boundaries.map((at) => at.toISOString()).join(',')}}`;
  const { rows } = await sql<{ day: number; status: BookingStatus; count: number }>`
    select width_bucket(starts_at, ${instants}::timestamptz[]) as day, status, count(*)::int as count
    from booking
    where tenant_id = ${tx.tenantId}
      and starts_at >= ${boundaries.at(0)!} and starts_at < ${boundaries.at(-1)!}
    group by 1, 2`.execute(tx);
  return rows;
}

// 1440 minutes of service and 480 of buffer, the table's limits.
const longestBlockedMs = 1_920 * 60_000;

/** Bookings that overlap this interval and are not cancelled, soonest first. */
export function listBetween(
  tx: Tx,
  { from, until }: { readonly from: Date; readonly until: Date },
): Promise<readonly BookingRow[]> {
  // The index is by start, so the search begins the longest possible duration earlier.
  const earliest = new Date(from.getTime() - longestBlockedMs);
  return selectBookings(tx)
    .where(matching('booking', { startsAt: { from: earliest, before: until } }))
    .where('status', '!=', 'cancelled')
    .where('blockedUntil', '>', from)
    .orderBy('startsAt')
    .orderBy('id')
    .execute();
}

function selectBookings(tx: Tx) {
  return tx
    .selectFrom('booking')
    .select(bookingTable.columns)
    .where(matching('booking', { tenantId: tx.tenantId }));
}
