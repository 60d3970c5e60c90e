import { setTimeout as delay } from 'node:timers/promises';
import { findBooking } from '../src/business/desk/bookings/bookings.ts';
import { type CallDetail, getCall } from '../src/business/record/calls/calls.ts';
import { findOrder } from '../src/business/desk/orders/orders.ts';
import { findTicket } from '../src/business/desk/tickets/tickets.ts';
import type { Tenancy } from '../src/business/tenancy/tenancy.ts';
import { NotFound } from '../src/platform/process/errors.ts';
import type { TenantId } from '../src/platform/data/ids.ts';
import type { CallId } from '../src/business/tenancy/ids/ids.ts';

/** The record is complete when the job that finishes a call has run: seconds after the hang-up. */
const RECORD_DEADLINE_MS = 15_000;

/** Reads a call from the database once its record is complete; undefined after a timeout. */
export async function readCall(
  tenancy: Tenancy,
  tenantId: TenantId,
  callId: CallId,
): Promise<CallDetail | undefined> {
  for (let waitedMs = 0; waitedMs < RECORD_DEADLINE_MS; waitedMs += 100) {
    const call = await tenancy
      .run({ tenantId }, (tx) => getCall(tx, callId))
      .catch((error: unknown) => {
        if (error instanceof NotFound) return undefined;
        throw error;
      });
    if (call?.status === 'completed' && call.outcome !== null) return call;
    await delay(100);
  }
  return undefined;
}

/** Reads what the agent created on this call, by the references it told the caller. */
export async function readCreated(tenancy: Tenancy, tenantId: TenantId, call: CallDetail): Promise<string[]> {
  const references = call.transcript.flatMap(({ tool, toolStatus, result }) => {
    const made = tool !== null && /^(book|create|move|cancel)_/.test(tool) && toolStatus === 'ok';
    return made ? referenceIn(result) : [];
  });
  return Promise.all([...new Set(references)].map((reference) => describe(tenancy, tenantId, reference)));
}

async function describe(tenancy: Tenancy, tenantId: TenantId, reference: string): Promise<string> {
  const request = { reference };
  const [booking, ticket, order] = await Promise.all([
    tenancy.run({ tenantId }, (tx) => findBooking(tx, request)),
    tenancy.run({ tenantId }, (tx) => findTicket(tx, request)),
    tenancy.run({ tenantId }, (tx) => findOrder(tx, request)),
  ]);
  if (booking !== undefined)
    return `booking ${reference} (${booking.id}): ${booking.serviceName}, ${booking.spokenTime}, ${booking.status}`;
  if (ticket !== undefined)
    return `ticket ${reference} (${ticket.id}): "${ticket.subject}", ${ticket.status}`;
  if (order !== undefined) return `order ${reference} (${order.id}): ${order.status}`;
  throw new NotFound(`The agent told the caller of ${reference}, but the database does not know it.`);
}

/** Tools return what they created as `{ booking: { reference, … } }` and the like. */
function referenceIn(result: unknown): string[] {
  if (typeof result !== 'object' || result === null) return [];
  return Object.values(result as Record<string, unknown>).flatMap((made) =>
    typeof made === 'object' && made !== null && 'reference' in made && typeof made.reference === 'string'
      ? [made.reference]
      : [],
  );
}
