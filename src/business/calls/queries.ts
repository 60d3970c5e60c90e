import { type Selectable, sql, type Updateable } from 'kysely';
import type { CallTable } from '../../../db/schema/call.ts';
import type { Db } from '../../platform/db.ts';
import type { CallId, TenantId } from '../../platform/ids.ts';

/** One writer per call at a time; the lock goes with the transaction. Works before the call has a row. */
export async function lockCall(db: Db, callId: CallId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${callId}, 0))`.execute(db);
}

export function findProgress(db: Db, tenantId: TenantId, callId: CallId) {
  return db
    .selectFrom('call')
    .select(['lastSequence', 'status'])
    .where('tenantId', '=', tenantId)
    .where('id', '=', callId)
    .executeTakeFirst();
}

const summaryColumns = [
  'id',
  'callSid',
  'direction',
  'numberId',
  'agentId',
  'agentVersionId',
  'fromPhone',
  'toPhone',
  'customerId',
  'status',
  'startedAt',
  'answeredAt',
  'endedAt',
  'endedReason',
  'durationMs',
  'callerTurnCount',
  'replyCount',
  'interruptionCount',
  'toolCallCount',
  'faultCount',
  'cost',
  'outcome',
  'summary',
  'recordingKey',
  'recordingDurationMs',
  'recordingSizeBytes',
] as const;

export type CallRow = Pick<Selectable<CallTable>, (typeof summaryColumns)[number]>;

export function findCall(db: Db, tenantId: TenantId, callId: CallId) {
  return db
    .selectFrom('call')
    .select([...summaryColumns, 'usage', 'finishedAt'])
    .where('tenantId', '=', tenantId)
    .where('id', '=', callId)
    .executeTakeFirst();
}

/** Newest first: ids are made when a call begins and sort by time, so the last id seen is the whole cursor. */
export function listCalls(
  db: Db,
  tenantId: TenantId,
  page: { readonly before: CallId | undefined; readonly limit: number },
): Promise<CallRow[]> {
  const query = db
    .selectFrom('call')
    .select(summaryColumns)
    .where('tenantId', '=', tenantId)
    .orderBy('id', 'desc')
    .limit(page.limit);
  return (page.before === undefined ? query : query.where('id', '<', page.before)).execute();
}

/** In the order they began to be heard or done. */
export function listTurns(db: Db, tenantId: TenantId, callId: CallId) {
  return db
    .selectFrom('callTurn')
    .select([
      'sequence',
      'kind',
      'turn',
      'startOffsetMs',
      'endOffsetMs',
      'at',
      'text',
      'source',
      'words',
      'replyId',
      'replyKind',
      'generatedText',
      'heardMs',
      'interrupted',
      'interruptionCause',
      'latency',
      'toolCallId',
      'tool',
      'arguments',
      'result',
      'toolStatus',
      'durationMs',
    ])
    .where('tenantId', '=', tenantId)
    .where('callId', '=', callId)
    .orderBy('startOffsetMs')
    .orderBy('sequence')
    .execute();
}

export type TurnRow = Awaited<ReturnType<typeof listTurns>>[number];

export function updateCall(db: Db, tenantId: TenantId, callId: CallId, changes: Updateable<CallTable>) {
  return db
    .updateTable('call')
    .set(changes)
    .where('tenantId', '=', tenantId)
    .where('id', '=', callId)
    .execute();
}
