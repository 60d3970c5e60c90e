import type { Tx } from '../../tenancy/tx.ts';
import { type Selectable, sql, type Updateable } from 'kysely';
import type { CallStatus, CallTable } from './call-table.ts';
import type {
  AgentId,
  CallId,
  ConversationId,
  CustomerId,
  PhoneNumberId,
} from '../../tenancy/references/ids.ts';
import type { EndedReason } from './call-record.ts';
import type { CallOutcome } from './finish/outcome.ts';

/** One writer per call at a time; the lock goes with the transaction. Works before the call has a row. */
export async function lockCall(tx: Tx, callId: CallId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${callId}, 0))`.execute(tx);
}

export function findProgress(tx: Tx, callId: CallId) {
  return tx
    .selectFrom('call')
    .select(['lastSequence', 'status'])
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', callId)
    .executeTakeFirst();
}

export async function isDeleted(tx: Tx, callId: CallId): Promise<boolean> {
  const row = await tx
    .selectFrom('deletedCall')
    .select('id')
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', callId)
    .executeTakeFirst();
  return row !== undefined;
}

const summaryColumns = [
  'id',
  'callSid',
  'direction',
  'numberId',
  'agentId',
  'agentVersionId',
  'fromEncrypted',
  'toPhone',
  'customerId',
  'conversationId',
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

export function findCall(tx: Tx, callId: CallId) {
  return tx
    .selectFrom('call')
    .select([...summaryColumns, 'usage', 'finishedAt'])
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', callId)
    .executeTakeFirst();
}

/** Which calls; what is left out does not narrow. */
export interface CallFilters {
  readonly startedAfter?: Date | undefined;
  readonly startedBefore?: Date | undefined;
  readonly numberId?: PhoneNumberId | undefined;
  readonly agentId?: AgentId | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly conversationId?: ConversationId | undefined;
  /** Of the caller's number, under each key. */
  readonly fromIndexes?: readonly string[] | undefined;
  readonly status?: CallStatus | undefined;
  readonly outcome?: CallOutcome | undefined;
  readonly endedReason?: EndedReason | undefined;
  readonly minDurationMs?: number | undefined;
  readonly maxDurationMs?: number | undefined;
}

/** Where a page ended. */
export interface CallPosition {
  readonly startedAt: Date;
  readonly id: string;
}

export interface CallWindow {
  readonly limit: number;
  readonly after: CallPosition | undefined;
  /** Only these, as a search for words has found them. */
  readonly among?: readonly CallId[] | undefined;
}

/** Newest first. */
export function listCalls(tx: Tx, filters: CallFilters, window: CallWindow) {
  return selectCalls(tx, filters, window).execute() satisfies Promise<CallRow[]>;
}

/** The query of `listCalls`, for looking at its plan. */
export function selectCalls(tx: Tx, filters: CallFilters, window: CallWindow) {
  const { limit, after, among } = window;
  let query = tx.selectFrom('call').select(summaryColumns).where('tenantId', '=', tx.tenantId);
  for (const [column, value] of equalities(filters)) query = query.where(column, '=', value);
  const { fromIndexes, outcome, startedAfter, startedBefore, minDurationMs, maxDurationMs } = filters;
  if (fromIndexes !== undefined) query = query.where('fromIndex', 'in', fromIndexes);
  // As it is written in the condition of the outcome's own index: a parameter would not be recognised as the same.
  if (outcome !== undefined) query = query.where(sql<boolean>`outcome @> ${outcomeLiteral(outcome)}`);
  if (startedAfter !== undefined) query = query.where('startedAt', '>=', startedAfter);
  if (startedBefore !== undefined) query = query.where('startedAt', '<', startedBefore);
  if (minDurationMs !== undefined) query = query.where('durationMs', '>=', minDurationMs);
  if (maxDurationMs !== undefined) query = query.where('durationMs', '<=', maxDurationMs);
  if (among !== undefined) query = query.where('id', '=', sql<CallId>`any(${among})`);
  if (after !== undefined) {
    query = query.where(sql<boolean>`(started_at, id) < (${after.startedAt}, ${after.id})`);
  }
  return query.orderBy('startedAt', 'desc').orderBy('id', 'desc').limit(limit);
}

function equalities(filters: CallFilters) {
  const { numberId, agentId, customerId, conversationId, status, endedReason } = filters;
  return Object.entries({ numberId, agentId, customerId, conversationId, status, endedReason }).flatMap(
    ([column, value]) => (value === undefined ? [] : [[column as EqualityColumn, value] as const]),
  );
}

type EqualityColumn = 'numberId' | 'agentId' | 'customerId' | 'conversationId' | 'status' | 'endedReason';

function outcomeLiteral(outcome: CallOutcome) {
  return sql`${sql.lit(JSON.stringify([outcome]))}::jsonb`;
}

/** The newest calls in which these words were said; `find_calls_by_words` says why it is a function. */
export async function searchWords(
  tx: Tx,
  search: {
    readonly words: string;
    readonly startedAfter: Date | undefined;
    readonly startedBefore: Date | undefined;
    readonly after: CallPosition | undefined;
    readonly limit: number;
  },
): Promise<readonly { readonly id: CallId; readonly startedAt: Date }[]> {
  const { words, startedAfter, startedBefore, after, limit } = search;
  const { rows } = await sql<{ id: CallId; startedAt: Date }>`
    select id, started_at from find_calls_by_words(${words}, ${startedAfter ?? null}, ${startedBefore ?? null},
      ${after?.startedAt ?? null}, ${after?.id ?? null}, ${limit})`.execute(tx);
  return rows;
}

/** Makes what was said findable, as it stands now. */
export async function indexWords(tx: Tx, callId: CallId): Promise<void> {
  await sql`
    insert into call_text (tenant_id, call_id, started_at, words)
    select tenant_id, id, started_at, array_to_tsvector(array[tenant_id]) || to_tsvector('simple', coalesce((
      select string_agg(text, ' ' order by sequence) from call_turn
      where call_turn.tenant_id = call.tenant_id and call_id = call.id and text is not null), ''))
    from call where tenant_id = ${tx.tenantId} and id = ${callId}
    on conflict (tenant_id, call_id) do update set words = excluded.words`.execute(tx);
}

/** In the order they began to be heard or done. */
export function listTurns(tx: Tx, callId: CallId) {
  return tx
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
    .where('tenantId', '=', tx.tenantId)
    .where('callId', '=', callId)
    .orderBy('startOffsetMs')
    .orderBy('sequence')
    .execute();
}

export type TurnRow = Awaited<ReturnType<typeof listTurns>>[number];

export function updateCall(tx: Tx, callId: CallId, changes: Updateable<CallTable>) {
  return tx
    .updateTable('call')
    .set(changes)
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', callId)
    .execute();
}

/** Takes a call out of its tables, and puts its part in the totals into `deleted_call`. */
export async function deleteCall(tx: Tx, callId: CallId): Promise<void> {
  await sql`
    insert into deleted_call (tenant_id, id, number_id, agent_id, started_at, was_answered, duration_ms, usage, cost)
    select tenant_id, id, number_id, agent_id, started_at, answered_at is not null, coalesce(duration_ms, 0), usage, cost
    from call where tenant_id = ${tx.tenantId} and id = ${callId}`.execute(tx);
  for (const table of ['callTurn', 'callText'] as const) {
    await tx.deleteFrom(table).where('tenantId', '=', tx.tenantId).where('callId', '=', callId).execute();
  }
  await tx.deleteFrom('call').where('tenantId', '=', tx.tenantId).where('id', '=', callId).execute();
}
