import type { BookingResourceId } from '../../../db/schema/booking-resource.ts';
import type { BookingStatus } from '../../../db/schema/booking.ts';
import type { Db } from '../../platform/db.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import {
  type BookingId,
  type CallId,
  type CustomerId,
  newId,
  type ServiceId,
  type TenantId,
} from '../../platform/ids.ts';
import { parseReference } from '../references/reference.ts';
import { nextReference } from '../references/service.ts';
import { getTenant } from '../tenants/service.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import { freeSlotsIn, loadCalendar } from './calendar.ts';
import { formatLocalTime, localDateOf, parseLocalDate, parseLocalTime, spokenTime } from './local-time.ts';
import { getService } from './offer.ts';
import * as queries from './queries.ts';
import { bookedTime, freeResourcesFor, refuseTooFarAhead, takenWithOthers } from './wish.ts';

export interface Booking {
  readonly id: BookingId;
  /** Short enough to say: B-1042. */
  readonly reference: string;
  readonly serviceId: ServiceId;
  readonly serviceName: string;
  readonly resourceId: BookingResourceId;
  readonly resourceName: string;
  readonly customerId: CustomerId;
  readonly callId: CallId | null;
  readonly status: BookingStatus;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** On the clocks of the business: `2026-11-24T10:30`. */
  readonly localTime: string;
  readonly spokenTime: string;
  readonly note: string | null;
}

/** A booking as the caller names it. With `customerId`, somebody else's booking does not exist. */
export interface BookingRequest {
  readonly reference: string;
  readonly customerId?: CustomerId | undefined;
}

export interface OfferedSlot {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly localTime: string;
  readonly spokenTime: string;
}

/** Times free for a service from a day on (today by default), soonest first. */
export function listFreeSlots(
  db: Db,
  tenantId: TenantId,
  input: {
    /** Id, slug or name. */
    readonly service: string;
    /** `2026-11-24`, in the zone of the business. */
    readonly fromDate?: string | undefined;
    readonly days?: number | undefined;
    readonly limit?: number | undefined;
    readonly now: Date;
  },
): Promise<readonly OfferedSlot[]> {
  return inTenant(db, tenantId, async (transaction) => {
    const { timeZone } = await getTenant(transaction, tenantId);
    const today = localDateOf(input.now, timeZone);
    const asked = input.fromDate === undefined ? today : parseLocalDate(input.fromDate);
    refuseTooFarAhead(asked.since(today, { largestUnit: 'days' }).days);
    const service = await getService(transaction, tenantId, input.service);
    const calendar = await loadCalendar(transaction, tenantId, {
      service,
      timeZone,
      firstDay: asked,
      days: Math.min(Math.max(input.days ?? 7, 1), 31),
    });
    return freeSlotsIn(calendar, input.now)
      .slice(0, input.limit ?? 12)
      .map((slot) => offered(slot, timeZone));
  });
}

/**
 * Books the time, or throws Conflict with free times nearby. Whatever happens at the same moment elsewhere, one
 * resource never has two bookings: the database refuses the second.
 */
export function bookAppointment(
  db: Db,
  tenantId: TenantId,
  input: {
    /** Id, slug or name. */
    readonly service: string;
    /** `2026-11-24T10:30` on the clocks of the business, or an instant with its offset. */
    readonly startsAt: string;
    readonly customerId: CustomerId;
    readonly callId?: CallId | undefined;
    readonly note?: string | undefined;
    readonly now: Date;
  },
): Promise<Booking> {
  return inTenant(db, tenantId, async (transaction) => {
    const { timeZone } = await getTenant(transaction, tenantId);
    const service = await getService(transaction, tenantId, input.service);
    const wish = { service, timeZone, startsAt: parseLocalTime(input.startsAt, timeZone), now: input.now };
    const candidates = await freeResourcesFor(transaction, tenantId, wish);
    const booking = {
      id: newId('bkg'),
      reference: await nextReference(transaction, tenantId, 'booking'),
      serviceId: service.id,
      customerId: input.customerId,
      callId: input.callId ?? null,
      note: input.note?.trim() || null,
    };
    for (const resourceId of candidates) {
      const taken = { ...booking, ...bookedTime(wish, resourceId) };
      if (await queries.insertBookingIfFree(transaction, tenantId, taken)) {
        return getBooking(transaction, tenantId, booking);
      }
    }
    throw await takenWithOthers(transaction, tenantId, wish);
  });
}

/** Moves the booking to another time, with another resource if it must be. */
export function moveBooking(
  db: Db,
  tenantId: TenantId,
  input: BookingRequest & { readonly startsAt: string; readonly now: Date },
): Promise<Booking> {
  return inTenant(db, tenantId, async (transaction) => {
    const booking = await holdBooking(transaction, tenantId, input);
    refuseUnlessUpcoming(booking, input.now);
    const { timeZone } = await getTenant(transaction, tenantId);
    const service = await getService(transaction, tenantId, booking.serviceId, { includeInactive: true });
    const startsAt = parseLocalTime(input.startsAt, timeZone);
    const wish = { service, timeZone, startsAt, now: input.now, except: booking.id };
    const candidates = await freeResourcesFor(transaction, tenantId, wish);
    // Who was to do it stays, where that is possible.
    const sameFirst = candidates.toSorted(
      (a, b) => Number(b === booking.resourceId) - Number(a === booking.resourceId),
    );
    for (const resourceId of sameFirst) {
      const time = bookedTime(wish, resourceId);
      if (await queries.moveBookingIfFree(transaction, tenantId, booking.id, time)) {
        return getBooking(transaction, tenantId, booking);
      }
    }
    throw await takenWithOthers(transaction, tenantId, wish);
  });
}

export function cancelBooking(
  db: Db,
  tenantId: TenantId,
  input: BookingRequest & { readonly now: Date },
): Promise<Booking> {
  return inTenant(db, tenantId, async (transaction) => {
    const booking = await holdBooking(transaction, tenantId, input);
    refuseUnlessUpcoming(booking, input.now);
    await queries.setStatus(transaction, tenantId, booking.id, 'cancelled');
    return { ...booking, status: 'cancelled' };
  });
}

export function findBooking(
  db: Db,
  tenantId: TenantId,
  request: BookingRequest,
): Promise<Booking | undefined> {
  const reference = parseReference('booking', request.reference);
  if (reference === undefined) return Promise.resolve(undefined);
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.findByReference(transaction, tenantId, { ...request, reference });
    if (row === undefined) return undefined;
    const { timeZone } = await getTenant(transaction, tenantId);
    return { ...row, ...told(row.startsAt, timeZone) };
  });
}

export async function getBooking(db: Db, tenantId: TenantId, request: BookingRequest): Promise<Booking> {
  const booking = await findBooking(db, tenantId, request);
  if (booking !== undefined) return booking;
  throw new NotFound(
    `There is no booking "${request.reference}"; ask for the number again, or look under the caller's phone number.`,
  );
}

/** What the customer has coming, soonest first. */
export function listUpcomingBookings(
  db: Db,
  tenantId: TenantId,
  input: { readonly customerId: CustomerId; readonly now: Date; readonly limit?: number },
): Promise<readonly Booking[]> {
  return inTenant(db, tenantId, async (transaction) => {
    const { timeZone } = await getTenant(transaction, tenantId);
    const { customerId, now, limit = 5 } = input;
    const rows = await queries.listUpcoming(transaction, tenantId, customerId, now, limit);
    return rows.map((row) => ({ ...row, ...told(row.startsAt, timeZone) }));
  });
}

async function holdBooking(db: Db, tenantId: TenantId, request: BookingRequest): Promise<Booking> {
  const { id } = await getBooking(db, tenantId, request);
  await queries.lockBooking(db, tenantId, id);
  // Read again: it may have been moved or cancelled before the lock was ours.
  return getBooking(db, tenantId, request);
}

function refuseUnlessUpcoming(booking: Booking, now: Date): void {
  if (booking.status !== 'booked') {
    throw new Conflict(
      `Booking ${booking.reference} is ${booking.status} already; make a new booking instead.`,
    );
  }
  if (booking.startsAt.getTime() <= now.getTime()) {
    throw new Conflict(
      `Booking ${booking.reference} was for ${booking.spokenTime}, which is past; make a new booking instead.`,
    );
  }
}

function offered(slot: { startsAtMs: number; endsAtMs: number }, timeZone: string): OfferedSlot {
  const startsAt = new Date(slot.startsAtMs);
  return { startsAt, endsAt: new Date(slot.endsAtMs), ...told(startsAt, timeZone) };
}

function told(at: Date, timeZone: string): { readonly localTime: string; readonly spokenTime: string } {
  return { localTime: formatLocalTime(at, timeZone), spokenTime: spokenTime(at, timeZone) };
}
