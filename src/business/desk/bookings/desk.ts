import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { BookingId, CallId, ServiceId } from '../../tenancy/references/ids.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { type CustomerLink, getLinkedCustomer, refuseUnlessCall } from '../links/links.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { bookAppointment, type Booking, getBooking, moveBooking, noteOnBooking } from './service.ts';

export interface NewBooking extends CustomerLink {
  readonly serviceId: ServiceId;
  readonly startsAt: string;
  readonly resourceId?: BookingResourceId | undefined;
  readonly note?: string | undefined;
  readonly callId?: CallId | undefined;
}

/** Booked by a client, who says whom it is for and which call it came from. */
export function makeBooking(db: Db, actor: TenantActor, input: NewBooking, now: Date): Promise<Booking> {
  const { tenantId } = actor;
  const { serviceId: service, startsAt, resourceId, note, callId } = input;
  return inTenant(db, tenantId, async (transaction) => {
    await refuseUnlessCall(transaction, tenantId, callId);
    const customerId = await getLinkedCustomer(transaction, tenantId, input);
    const wish = { service, startsAt, resourceId, note, callId, customerId, now };
    return bookAppointment(transaction, tenantId, { ...wish, actor });
  });
}

export interface BookingChanges {
  readonly startsAt?: string | undefined;
  readonly resourceId?: BookingResourceId | undefined;
  readonly note?: string | null | undefined;
}

export function changeBooking(
  db: Db,
  actor: TenantActor,
  id: BookingId,
  request: { readonly changes: BookingChanges; readonly ifMatch: string | undefined; readonly now: Date },
): Promise<Booking> {
  const { tenantId } = actor;
  const { changes, now } = request;
  const { startsAt, resourceId, note } = changes;
  return inTenant(db, tenantId, async (transaction) => {
    // Checked once: the note's change would make the client's tag stale for the move.
    let { ifMatch } = request;
    if (note !== undefined) {
      await noteOnBooking(transaction, actor, { id, note, ifMatch });
      ifMatch = undefined;
    }
    if (startsAt === undefined && resourceId === undefined) return getBooking(transaction, tenantId, { id });
    return moveBooking(transaction, tenantId, { id, startsAt, resourceId, actor, ifMatch, now });
  });
}
