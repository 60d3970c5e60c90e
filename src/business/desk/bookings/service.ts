import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';
import type { BookingStatus } from './booking-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { BookingId, CallId, CustomerId, ServiceId } from '../../tenancy/references/ids.ts';
import { systemActor, type TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import { raiseAlert } from '../../record/alerts/service.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { parseReference } from '../../tenancy/references/reference.ts';
import { nextReference } from '../../tenancy/references/service.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { freeSlotsIn, loadCalendar } from './calendar.ts';
import { formatLocalTime, localDateOf, parseLocalDate, parseLocalTime, spokenTime } from './local-time.ts';
import { getService } from './offer.ts';
import * as queries from './queries.ts';
import { presentBooking } from './schema.ts';
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
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A booking by its id, or as the caller names it. With `customerId`, somebody else's booking does not exist. */
export interface BookingRequest {
  readonly id?: BookingId | undefined;
  readonly reference?: string | undefined;
  readonly customerId?: CustomerId | undefined;
}

/** Who does it; the agent on the line by default. What the client has read is refused when it has changed since. */
interface Doing {
  readonly actor?: TenantActor | undefined;
  readonly ifMatch?: string | undefined;
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
    const asked = input.fromDate === undefined ? today : parseLocalDate(input.fromDate, '/fromDate');
    refuseTooFarAhead(asked.since(today, { largestUnit: 'days' }).days, '/fromDate');
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
    /** Nobody else will do. */
    readonly resourceId?: BookingResourceId | undefined;
    readonly now: Date;
  } & Doing,
): Promise<Booking> {
  return inTenant(db, tenantId, async (transaction) => {
    const { timeZone } = await getTenant(transaction, tenantId);
    const service = await getService(transaction, tenantId, input.service);
    const { now, resourceId: wished } = input;
    const startsAt = parseLocalTime(input.startsAt, timeZone);
    const wish = { service, timeZone, startsAt, now, resourceId: wished };
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
        const after = await getBooking(transaction, tenantId, { id: booking.id });
        await record(transaction, doer(tenantId, input), 'booking.created', after);
        return after;
      }
    }
    throw await takenWithOthers(transaction, tenantId, wish);
  });
}

/** Moves the booking to another time, with another resource if it must be. */
export function moveBooking(
  db: Db,
  tenantId: TenantId,
  input: BookingRequest &
    Doing & {
      /** The time it has, where left out. */
      readonly startsAt?: string | undefined;
      /** Nobody else will do. */
      readonly resourceId?: BookingResourceId | undefined;
      readonly now: Date;
    },
): Promise<Booking> {
  return inTenant(db, tenantId, async (transaction) => {
    const booking = await holdBooking(transaction, tenantId, input);
    refuseUnlessUpcoming(booking, input.now);
    const { timeZone } = await getTenant(transaction, tenantId);
    const service = await getService(transaction, tenantId, booking.serviceId, { includeInactive: true });
    const { now, resourceId: wished } = input;
    const startsAt =
      input.startsAt === undefined ? booking.startsAt : parseLocalTime(input.startsAt, timeZone);
    const wish = { service, timeZone, startsAt, now, except: booking.id, resourceId: wished };
    const candidates = await freeResourcesFor(transaction, tenantId, wish);
    // Who was to do it stays, where that is possible.
    const sameFirst = candidates.toSorted(
      (a, b) => Number(b === booking.resourceId) - Number(a === booking.resourceId),
    );
    for (const resourceId of sameFirst) {
      const time = bookedTime(wish, resourceId);
      if (await queries.moveBookingIfFree(transaction, tenantId, booking.id, time)) {
        const after = await getBooking(transaction, tenantId, { id: booking.id });
        await record(transaction, doer(tenantId, input), 'booking.moved', after, booking);
        return after;
      }
    }
    throw await takenWithOthers(transaction, tenantId, wish);
  });
}

export function cancelBooking(
  db: Db,
  tenantId: TenantId,
  input: BookingRequest & Doing & { readonly now: Date },
): Promise<Booking> {
  const actor = doer(tenantId, input);
  return inTenant(db, tenantId, async (transaction) => {
    const booking = await holdBooking(transaction, tenantId, input);
    refuseUnlessUpcoming(booking, input.now);
    await queries.setStatus(transaction, tenantId, booking.id, 'cancelled');
    const after = await getBooking(transaction, tenantId, { id: booking.id });
    await record(transaction, actor, 'booking.cancelled', after, booking);
    if (actor.type === 'system') await raiseCancelled(transaction, tenantId, after);
    return after;
  });
}

/** How it went, once it has begun; a mistake is put right the same way. */
export function settleBooking(
  db: Db,
  actor: TenantActor,
  input: { readonly id: BookingId; readonly status: 'completed' | 'no_show'; readonly now: Date } & Doing,
): Promise<Booking> {
  const { tenantId } = actor;
  const { id, status, now } = input;
  return inTenant(db, tenantId, async (transaction) => {
    const booking = await holdBooking(transaction, tenantId, input);
    refuseUnlessBegun(booking, now);
    await queries.setStatus(transaction, tenantId, id, status);
    const after = await getBooking(transaction, tenantId, { id });
    await record(transaction, actor, 'booking.settled', after, booking);
    return after;
  });
}

export function noteOnBooking(
  db: Db,
  actor: TenantActor,
  input: { readonly id: BookingId; readonly note: string | null } & Doing,
): Promise<Booking> {
  const { tenantId } = actor;
  const { id, note } = input;
  return inTenant(db, tenantId, async (transaction) => {
    const booking = await holdBooking(transaction, tenantId, input);
    await queries.setNote(transaction, tenantId, id, note?.trim() || null);
    const after = await getBooking(transaction, tenantId, { id });
    await record(transaction, actor, 'booking.updated', after, booking);
    return after;
  });
}

export function findBooking(
  db: Db,
  tenantId: TenantId,
  request: BookingRequest,
): Promise<Booking | undefined> {
  const { id, customerId } = request;
  const reference = id === undefined ? parseReference('booking', request.reference ?? '') : undefined;
  if (id === undefined && reference === undefined) return Promise.resolve(undefined);
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.findBooking(transaction, tenantId, { id, reference, customerId });
    if (row === undefined) return undefined;
    const { timeZone } = await getTenant(transaction, tenantId);
    return { ...row, ...told(row.startsAt, timeZone) };
  });
}

export async function getBooking(db: Db, tenantId: TenantId, request: BookingRequest): Promise<Booking> {
  const booking = await findBooking(db, tenantId, request);
  if (booking !== undefined) return booking;
  if (request.id !== undefined) throw new NotFound('There is no such booking.');
  throw new NotFound(`There is no booking "${request.reference ?? ''}".`, {
    code: 'reference-unknown',
    data: { reference: request.reference ?? '' },
  });
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

async function holdBooking(db: Db, tenantId: TenantId, request: BookingRequest & Doing): Promise<Booking> {
  const { id } = await getBooking(db, tenantId, request);
  await queries.lockBooking(db, tenantId, id);
  // Read again: it may have been moved or cancelled before the lock was ours.
  const booking = await getBooking(db, tenantId, request);
  checkMatch(request.ifMatch, presentBooking(booking));
  return booking;
}

function doer(tenantId: TenantId, { actor = systemActor(tenantId, 'agent') }: Doing): TenantActor {
  return actor;
}

function record(
  transaction: Db,
  actor: TenantActor,
  action: string,
  after: Booking,
  before?: Booking,
): Promise<void> {
  return recordChange(transaction, actor, {
    action,
    resource: 'booking',
    resourceId: after.id,
    before,
    after,
  });
}

/** The business made its own cancellations; of the caller's it has to be told. */
async function raiseCancelled(transaction: Db, tenantId: TenantId, booking: Booking): Promise<void> {
  await raiseAlert(transaction, tenantId, {
    kind: 'booking-cancelled',
    title: `Booking ${booking.reference} was cancelled by the caller`,
    body: `${booking.serviceName}, ${booking.spokenTime}, ${booking.resourceName}`,
    about: { resource: 'booking', id: booking.id },
  });
}

function refuseUnlessBegun(booking: Booking, now: Date): void {
  if (booking.status === 'cancelled') {
    throw alreadyCancelled(booking);
  }
  if (booking.startsAt.getTime() > now.getTime()) {
    throw new Conflict(
      `Booking ${booking.reference} is for ${booking.spokenTime}; until then it can only be moved or cancelled.`,
      { code: 'booking-not-begun', data: { allowed: ['cancelled'] } },
    );
  }
}

function refuseUnlessUpcoming(booking: Booking, now: Date): void {
  if (booking.status === 'cancelled') throw alreadyCancelled(booking);
  if (booking.status !== 'booked') {
    throw new Conflict(`Booking ${booking.reference} is ${booking.status} already.`, {
      code: 'booking-settled',
      data: { status: booking.status },
    });
  }
  if (booking.startsAt.getTime() <= now.getTime()) {
    throw new Conflict(`Booking ${booking.reference} was for ${booking.spokenTime}, which is past.`, {
      code: 'booking-past',
    });
  }
}

function alreadyCancelled(booking: Booking): Conflict {
  return new Conflict(`Booking ${booking.reference} is cancelled and stays so.`, {
    code: 'already-cancelled',
    data: { allowed: [] },
  });
}

function offered(slot: { startsAtMs: number; endsAtMs: number }, timeZone: string): OfferedSlot {
  const startsAt = new Date(slot.startsAtMs);
  return { startsAt, endsAt: new Date(slot.endsAtMs), ...told(startsAt, timeZone) };
}

function told(at: Date, timeZone: string): { readonly localTime: string; readonly spokenTime: string } {
  return { localTime: formatLocalTime(at, timeZone), spokenTime: spokenTime(at, timeZone) };
}
