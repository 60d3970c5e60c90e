import { Conflict } from '../../../../platform/process/errors.ts';
import type { TenantActor } from '../../../tenancy/actor/actor.ts';
import { happened } from '../../../tenancy/events/events.ts';
import type { CallId } from '../../../tenancy/ids/ids.ts';
import type { Tx } from '../../../tenancy/tenancy.ts';
import { callEvents } from '../call-events.ts';
import { getCall, listCalls } from '../call-service.ts';
import type { LiveCalls } from './live-calls.ts';

const mostAtOthers = 100;

export interface LiveCall {
  readonly id: CallId;
  readonly from: string | null;
  readonly startedAt: Date;
  /** Whether this process carries it. */
  readonly isHere: boolean;
}

/** Those of this process, which know first, and those the record knows to go on elsewhere; the newest first. */
export async function listLiveCalls(tx: Tx, liveCalls: LiveCalls): Promise<LiveCall[]> {
  const here = liveCalls.list(tx.tenantId);
  const known = new Set(here.map(({ callId }) => callId));
  const recorded = await listCalls(tx, { status: 'in_progress', limit: mostAtOthers });
  const elsewhere = recorded.calls.filter(({ id }) => !known.has(id));
  return [
    ...here.map(({ callId: id, from, startedAt }) => ({ id, from, startedAt, isHere: true })),
    ...elsewhere.map(({ id, fromPhone: from, startedAt }) => ({ id, from, startedAt, isHere: false })),
  ].toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime());
}

/** Ends a live call of this process; what happens on it from here on is in its journal. */
export async function endLiveCall(
  tx: Tx,
  actor: TenantActor,
  callId: CallId,
  liveCalls: LiveCalls,
): Promise<void> {
  if (liveCalls.end(tx.tenantId, callId)) {
    await happened(tx, actor, callEvents.ended({ subject: callId }));
    return;
  }
  const { status } = await getCall(tx, callId);
  if (status === 'completed') throw new Conflict('This call is over already.', { code: 'call-over' });
  throw new Conflict(
    'This call is not going on here; it may be at another server, or have ended this moment.',
    { code: 'call-not-here' },
  );
}
