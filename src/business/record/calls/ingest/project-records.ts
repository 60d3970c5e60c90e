import { type Insertable, sql, type Updateable } from 'kysely';
import type { CallTurnTable } from '../call-turn-table.ts';
import type { CallStatus } from '../call.ts';
import type { CallTable } from '../call-table.ts';
import type { Tx } from '../../../tenancy/tenancy.ts';
import type { CallEvent, CallRecord } from '../call-record.ts';
import { callerColumns } from '../caller-number.ts';

/** Brings the call's row and its turns up to date with new records of one call, given in order; returns its status. */
export async function projectRecords(tx: Tx, records: readonly CallRecord[]): Promise<CallStatus> {
  for (const record of records) await projectRecord(tx, record);
  const { tenantId, callId } = records[0]!;
  const added = countEvents(records);
  const opened = records.find(({ event }) => event.type === 'stream-opened');
  const call = await tx
    .updateTable('call')
    .set((row) => ({
      ...changesOf(records),
      lastSequence: records.at(-1)!.sequence,
      // By the first stream alone: a later stream of the same call takes over and answers nothing.
      ...(opened === undefined
        ? {}
        : { answeredAt: sql<Date>`coalesce(answered_at, ${new Date(opened.at)})` }),
      callerTurnCount: row('callerTurnCount', '+', added.callerTurnCount),
      replyCount: row('replyCount', '+', added.replyCount),
      interruptionCount: row('interruptionCount', '+', added.interruptionCount),
      toolCallCount: row('toolCallCount', '+', added.toolCallCount),
      faultCount: row('faultCount', '+', added.faultCount),
    }))
    .where('tenantId', '=', tenantId)
    .where('id', '=', callId)
    .returning('status')
    .executeTakeFirstOrThrow();
  return call.status;
}

function countEvents(records: readonly CallRecord[]) {
  const count = (matches: (event: CallEvent) => boolean): number =>
    records.filter(({ event }) => matches(event)).length;
  return {
    callerTurnCount: count(({ type }) => type === 'caller-turn'),
    replyCount: count(({ type }) => type === 'reply-ended'),
    interruptionCount: count((event) => event.type === 'reply-ended' && event.interrupted),
    toolCallCount: count(({ type }) => type === 'tool-called'),
    faultCount: count(({ type }) => type === 'fault'),
  };
}

/** What the records change of the call's row; a later record overrides an earlier one. */
function changesOf(records: readonly CallRecord[]): Updateable<CallTable> {
  const changes: Updateable<CallTable> = {};
  for (const { event, at } of records) {
    if (event.type === 'recording-stored') {
      changes.recordingKey = event.key;
      changes.recordingDurationMs = Math.round(event.durationMs);
      changes.recordingSizeBytes = event.sizeBytes;
    }
    if (event.type === 'call-ended') {
      changes.status = 'completed';
      changes.endedAt = new Date(at);
      changes.endedReason = event.reason;
      changes.durationMs = Math.round(event.durationMs);
      changes.usage = JSON.stringify(event.usage);
    }
  }
  return changes;
}

async function projectRecord(tx: Tx, record: CallRecord): Promise<void> {
  const { event } = record;
  switch (event.type) {
    case 'call-started':
      return insertCall(tx, record, event);
    case 'caller-turn':
      return insertTurn(tx, record, {
        kind: 'caller',
        turn: event.turn,
        startOffsetMs: event.startOffsetMs,
        endOffsetMs: event.endOffsetMs,
        text: event.text,
        source: event.source,
        words: JSON.stringify(event.words),
      });
    case 'caller-turn-amended':
      return amendTurn(tx, record, event);
    case 'reply-ended':
      return insertTurn(tx, record, {
        kind: 'agent',
        turn: event.turn,
        startOffsetMs: event.startOffsetMs,
        endOffsetMs: event.endOffsetMs,
        text: event.heardText,
        words: JSON.stringify(event.words),
        replyId: event.replyId,
        replyKind: event.kind,
        generatedText: event.generatedText,
        heardMs: Math.round(event.heardMs),
        interrupted: event.interrupted,
        interruptionCause: event.interruptionCause ?? null,
        latency: event.latency === undefined ? null : JSON.stringify(event.latency),
      });
    case 'tool-called':
      return insertTurn(tx, record, {
        kind: 'tool',
        turn: event.turn,
        startOffsetMs: event.offsetMs,
        toolCallId: event.toolCallId,
        tool: event.tool,
        arguments: jsonOf(event.arguments),
      });
    case 'tool-ended':
      return endTool(tx, record, event);
    // Stored as events and counted; they have no row in the transcript.
    case 'stream-opened':
    case 'speech-ignored':
    case 'speculation-discarded':
    case 'reply-resumed':
    case 'fault':
    case 'digit-pressed':
    case 'transfer-started':
    case 'transfer-ended':
    case 'model-used':
    case 'recording-stored':
    case 'call-ended':
      return;
    default:
      event satisfies never;
  }
}

async function insertCall(
  tx: Tx,
  { tenantId, callId, at }: CallRecord,
  event: Extract<CallEvent, { type: 'call-started' }>,
): Promise<void> {
  await tx
    .insertInto('call')
    .values({
      tenantId,
      id: callId,
      callSid: event.callSid,
      direction: event.direction,
      numberId: event.numberId,
      agentId: event.agentId,
      agentVersionId: event.agentVersionId,
      ...callerColumns(tx.cipher, event.from),
      toPhone: event.to,
      status: 'in_progress',
      startedAt: new Date(at),
      lastSequence: 0,
    })
    .execute();
}

type TurnValues = Omit<Insertable<CallTurnTable>, 'tenantId' | 'callId' | 'sequence' | 'at'>;

async function insertTurn(
  tx: Tx,
  { tenantId, callId, sequence, at }: CallRecord,
  values: TurnValues,
): Promise<void> {
  const { startOffsetMs, endOffsetMs } = values;
  await tx
    .insertInto('callTurn')
    .values({
      ...values,
      tenantId,
      callId,
      sequence,
      at: new Date(at),
      startOffsetMs: Math.round(startOffsetMs),
      endOffsetMs: endOffsetMs === undefined || endOffsetMs === null ? null : Math.round(endOffsetMs),
    })
    .execute();
}

async function amendTurn(
  tx: Tx,
  { tenantId, callId }: CallRecord,
  event: Extract<CallEvent, { type: 'caller-turn-amended' }>,
): Promise<void> {
  await tx
    .updateTable('callTurn')
    .set({ text: event.text })
    .where('tenantId', '=', tenantId)
    .where('callId', '=', callId)
    .where('kind', '=', 'caller')
    .where('turn', '=', event.turn)
    .execute();
}

async function endTool(
  tx: Tx,
  { tenantId, callId }: CallRecord,
  event: Extract<CallEvent, { type: 'tool-ended' }>,
): Promise<void> {
  await tx
    .updateTable('callTurn')
    .set((row) => ({
      toolStatus: event.status,
      result: jsonOf(event.result),
      durationMs: Math.round(event.durationMs),
      endOffsetMs: row('startOffsetMs', '+', Math.round(event.durationMs)),
    }))
    .where('tenantId', '=', tenantId)
    .where('callId', '=', callId)
    .where('kind', '=', 'tool')
    .where('toolCallId', '=', event.toolCallId)
    // Some models use the ids of tool calls again in each answer; a tool call that has ended keeps its result.
    .where('toolStatus', 'is', null)
    .execute();
}

/** JSON has no undefined. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value ?? null);
}
