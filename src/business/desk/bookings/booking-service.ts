import { newId } from '../../../platform/data/ids.ts';
import { exclusionViolation, unlessRefused } from '../../../platform/data/savepoint.ts';
import type { ExpectedVersions } from '../../../platform/data/version.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { BookingId, CallId, CustomerId, ResourceId } from '../../tenancy/ids/ids.ts';
import { nextReference } from '../../tenancy/references/references.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import { type CallExists, getLinkedCustomer, checkCall } from '../links/links.ts';
import type { Booking, BookingChanges, NewBooking } from './booking.ts';
import { bookingEvents } from './booking-events.ts';
import { toBooking, toBookings } from './booking-names.ts';
import { type BookingRow, bookingTable } from './booking-table.ts';
import { parseLocalTime } from '../../catalog/opening-hours/opening-hours.ts';
import { getOfferedService, getService } from '../../catalog/services/services.ts';
import { bookedTime, freeResourcesFor, takenWithOthers } from './wish.ts';

/** Parameters of every change: the version that the client has read, and the current time. */
interface ChangeRequest {
  readonly ifMatch?: ExpectedVersions;
  readonly now: Date;
}

/** Books for a client of the API, which names the customer and the call. */
export async function makeBooking(
  tx: Tx,
  actor: TenantActor,
  input: NewBooking,
  { now, callExists }: { readonly now: Date; readonly callExists: CallExists },
): Promise<Booking> {
  const { serviceId: service, startsAt, resourceId, note, callId } = input;
  await checkCall(tx, callId, callExists);
  const customerId = await getLinkedCustomer(tx, input);
  return bookAppointment(tx, actor, { service, startsAt, resourceId, note, callId, customerId, now });
}

export interface Appointment {
  /** Id, slug or name. */
  readonly service: string;
  /** Local time of the business (`2026-11-24T10:30`), or an instant with offset. */
  readonly startsAt: string;
  readonly customerId: CustomerId;
  readonly callId?: CallId | undefined;
  readonly note?: string | undefined;
  /** Requires this resource. */
  readonly resourceId?: ResourceId | undefined;
  /** When it was booked; now by default. */
  readonly createdAt?: Date | undefined;
  readonly now: Date;
}

/**
 * Books the time, or throws Conflict with free times nearby. An exclusion constraint prevents double bookings by
 * concurrent transactions.
 */
export async function bookAppointment(tx: Tx, actor: TenantActor, input: Appointment): Promise<Booking> {
  const { timeZone } = await getTenant(tx);
  const service = await getOfferedService(tx, input.service);
  const { now, resourceId } = input;
  const wish = { service, timeZone, startsAt: parseLocalTime(input.startsAt, timeZone), now, resourceId };
  const candidates = await freeResourcesFor(tx, wish);
  const booking = {
    id: newId('bkg'),
    reference: await nextReference(tx, 'booking'),
    serviceId: service.id,
    customerId: input.customerId,
    callId: input.callId ?? null,
    status: 'booked' as const,
    note: input.note?.trim() || null,
    createdAt: input.createdAt,
  };
  for (const resource of candidates) {
    // The insert waits for a concurrent one, and inserts nothing if the exclusion constraint is violated.
    const row = await bookingTable.insert(tx, { ...booking, ...bookedTime(wish, resource.id) });
    if (row === undefined) continue;
    const after = toBooking(row, { serviceName: service.name, resourceName: resource.name, timeZone });
    await happened(tx, actor, bookingEvents.created({ subject: after.id, after }));
    return after;
  }
  throw await takenWithOthers(tx, wish);
}

/** Moves the booking, changes its note, or both. */
export async function changeBooking(
  tx: Tx,
  actor: TenantActor,
  id: BookingId,
  { changes, ifMatch, now }: ChangeRequest & { readonly changes: BookingChanges },
): Promise<Booking> {
  const { note, ...move } = changes;
  let booking = await lockBooking(tx, id, ifMatch);
  if (note !== undefined) booking = await changeNote(tx, actor, booking, note);
  if (move.startsAt === undefined && move.resourceId === undefined) return booking;
  return moveLocked(tx, actor, booking, { ...move, now });
}

/** A move of a booking. Absent fields stay; the resource does if it is free. */
export interface Move {
  readonly startsAt?: string | undefined;
  /** Requires this resource. */
  readonly resourceId?: ResourceId | undefined;
}

/** Moves the booking to another time, with another resource if necessary. */
export async function moveBooking(
  tx: Tx,
  actor: TenantActor,
  id: BookingId,
  { ifMatch, ...move }: Move & ChangeRequest,
): Promise<Booking> {
  return moveLocked(tx, actor, await lockBooking(tx, id, ifMatch), move);
}

async function moveLocked(
  tx: Tx,
  actor: TenantActor,
  before: Booking,
  { startsAt: wished, resourceId, now }: Move & { readonly now: Date },
): Promise<Booking> {
  refuseUnlessUpcoming(before, now);
  const { timeZone } = await getTenant(tx);
  const service = await getService(tx, before.serviceId);
  const startsAt = wished === undefined ? before.startsAt : parseLocalTime(wished, timeZone);
  const wish = { service, timeZone, startsAt, now, except: before.id, resourceId };
  const candidates = await freeResourcesFor(tx, wish);
  const sameFirst = candidates.toSorted(
    (a, b) => Number(b.id === before.resourceId) - Number(a.id === before.resourceId),
  );
  for (const resource of sameFirst) {
    const row = await moveIfFree(tx, before.id, bookedTime(wish, resource.id));
    if (row === undefined) continue;
    const after = toBooking(row, { serviceName: service.name, resourceName: resource.name, timeZone });
    await happened(tx, actor, bookingEvents.moved({ subject: after.id, before, after }));
    return after;
  }
  throw await takenWithOthers(tx, wish);
}

/** Undefined if the exclusion constraint is violated; a savepoint keeps the transaction usable. */
async function moveIfFree(
  tx: Tx,
  id: BookingId,
  time: ReturnType<typeof bookedTime>,
): Promise<BookingRow | undefined> {
  let row: BookingRow | undefined;
  await unlessRefused(tx, [exclusionViolation], async () => {
    row = await bookingTable.update(tx, id, time);
  });
  return row;
}

export async function cancelBooking(
  tx: Tx,
  actor: TenantActor,
  id: BookingId,
  { ifMatch, now }: ChangeRequest,
): Promise<Booking> {
  const before = await lockBooking(tx, id, ifMatch);
  refuseUnlessUpcoming(before, now);
  const after = await update(tx, before, { status: 'cancelled' });
  await happened(tx, actor, bookingEvents.cancelled({ subject: id, before, after }));
  return after;
}

/** Sets the outcome of a booking that has begun, also to correct it. */
export async function settleBooking(
  tx: Tx,
  actor: TenantActor,
  id: BookingId,
  { status, ifMatch, now }: ChangeRequest & { readonly status: 'completed' | 'no_show' },
): Promise<Booking> {
  const before = await lockBooking(tx, id, ifMatch);
  refuseUnlessBegun(before, now);
  const after = await update(tx, before, { status });
  await happened(tx, actor, bookingEvents.settled({ subject: id, before, after }));
  return after;
}

async function changeNote(
  tx: Tx,
  actor: TenantActor,
  before: Booking,
  note: string | null,
): Promise<Booking> {
  const after = await update(tx, before, { note: note?.trim() || null });
  await happened(tx, actor, bookingEvents.updated({ subject: before.id, before, after }));
  return after;
}

async function lockBooking(tx: Tx, id: BookingId, ifMatch: ExpectedVersions): Promise<Booking> {
  const row = await bookingTable.lock(tx, id, ifMatch);
  return (await toBookings(tx, [row]))[0]!;
}

/** Updates fields other than service, resource and time. */
async function update(
  tx: Tx,
  before: Booking,
  values: Partial<Pick<BookingRow, 'status' | 'note'>>,
): Promise<Booking> {
  return { ...before, ...(await bookingTable.update(tx, before.id, values)) };
}

function refuseUnlessBegun(booking: Booking, now: Date): void {
  if (booking.status === 'cancelled') throw alreadyCancelled(booking);
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
