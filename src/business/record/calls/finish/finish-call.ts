import type { Tenancy, Tx } from '../../../tenancy/tenancy.ts';
import { z } from 'zod';
import { readEvents, type StoredEvent } from '../../../tenancy/events/events.ts';
import type { TenantId } from '../../../../platform/data/ids.ts';
import type { CallId } from '../../../tenancy/ids/ids.ts';
import { declareJob, type NewJob } from '../../../../jobs/jobs.ts';
import type { CallEvent, CallUsage } from '../call-record.ts';
import { costOfCall, type ModelUsage } from './cost.ts';
import { changesSomething, deriveOutcome } from './outcome.ts';
import type { PriceTable } from './prices.ts';
import { journalStreamOf } from '../journal-stream.ts';
import { listTurns, lockCall, type TurnRow } from '../call-queries.ts';
import { callTable } from '../call-table.ts';
import { summariseCall } from './summary.ts';

const finishCallData = z.object({
  tenantId: z.string().transform((id) => id as TenantId),
  callId: z.string().transform((id) => id as CallId),
});

const name = 'finish-call';

/** The job that finishes a call. Its id has the number of the last record, so that later records finish it again. */
export function finishCallOf(tenantId: TenantId, callId: CallId, lastSequence: number): NewJob {
  return { tenantId, job: name, data: { tenantId, callId }, jobId: `${name}-${callId}-${lastSequence}` };
}

export interface FinishCallDependencies {
  readonly tenancy: Tenancy;
  readonly prices: PriceTable;
}

/** Completes the record of a call that is over: outcome, summary, cost. Running it again changes nothing. */
export function finishCallJob({ tenancy, prices }: FinishCallDependencies) {
  return declareJob({
    name,
    schema: finishCallData,
    run: ({ tenantId, callId }) => tenancy.run({ tenantId }, (tx) => finishCall(tx, callId, prices)),
  });
}

/** What the job does, for the seed, which has no queue. */
export async function finishCall(tx: Tx, callId: CallId, prices: PriceTable): Promise<void> {
  await lockCall(tx, callId);
  const call = await callTable.find(tx, callId);
  if (call === undefined || call.status !== 'completed' || call.usage === null) return;
  const turns = await listTurns(tx, callId);
  const events = await readEvents(tx, journalStreamOf(callId));

  const outcomes = deriveOutcome({
    callerTurns: call.callerTurnCount,
    transferred: events.some(isAnsweredTransfer),
    toolCalls: turns.flatMap(({ tool, toolStatus: status }) => (tool === null ? [] : { tool, status })),
  });
  const summary = summariseCall({
    callerTurns: turns.flatMap(({ kind, text }) => (kind === 'caller' && text !== null ? text : [])),
    outcomes,
    references: referencesIn(turns),
    endedReason: call.endedReason,
    durationMs: call.durationMs ?? 0,
  });
  await callTable.update(tx, callId, {
    outcome: JSON.stringify(outcomes),
    summary,
    cost: JSON.stringify(costOfCall(call.usage, modelUsage(events, call.usage), prices)),
    finishedAt: call.finishedAt ?? new Date(),
  });
}

function isAnsweredTransfer({ type, data }: StoredEvent): boolean {
  if (type !== 'transfer-ended') return false;
  const { outcome } = data as Extract<CallEvent, { type: 'transfer-ended' }>;
  // What Twilio reports of a leg that a person has answered.
  return outcome === 'completed' || outcome === 'answered';
}

/** Per model, because a fallback may have another price; the call's own totals where no completion was recorded. */
function modelUsage(events: readonly StoredEvent[], usage: CallUsage): readonly ModelUsage[] {
  const used = events
    .filter(({ type }) => type === 'model-used')
    .map(({ data }) => data as Extract<CallEvent, { type: 'model-used' }>);
  return used.length > 0 ? used : usage.inputTokens + usage.outputTokens > 0 ? [usage] : [];
}

/** What was made or changed, by the numbers the caller was told: `{ booking: { reference } }` in a tool's result. */
function referencesIn(turns: readonly TurnRow[]): readonly string[] {
  const references = turns
    .filter(({ tool, toolStatus }) => tool !== null && toolStatus === 'ok' && changesSomething(tool))
    .flatMap(({ result }) => [result, ...membersOf(result)])
    .flatMap((value) => (isObject(value) ? value['reference'] : []))
    .filter((reference) => typeof reference === 'string');
  return [...new Set(references)];
}

function membersOf(value: unknown): readonly unknown[] {
  return isObject(value) ? Object.values(value) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
