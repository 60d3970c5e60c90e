import { type RawBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import { matching } from '../../../platform/data/matching.ts';
import type { AgentId, CallId, ConversationId, CustomerId, PhoneNumberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { CallOutcome, CallStatus } from './call.ts';
import type { EndedReason } from './call-record.ts';
import { callSummaryColumns, callTable, type CallTable } from './call-table.ts';

/** Locks a call until the transaction ends, also before it has a row. */
export async function lockCall(tx: Tx, callId: CallId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${callId}, 0))`.execute(tx);
}

export async function callExists(tx: Tx, id: CallId): Promise<boolean> {
  const call = await tx
    .selectFrom('call')
    .select('id')
    .where(matching('call', { tenantId: tx.tenantId, id }))
    .executeTakeFirst();
  return call !== undefined;
}

export type CallRow = Pick<Selectable<CallTable>, (typeof callSummaryColumns)[number]>;

/** Filters of a list of calls; those left out are not applied. */
export interface CallFilters {
  readonly startedAfter?: Date | undefined;
  readonly startedBefore?: Date | undefined;
  readonly numberId?: PhoneNumberId | undefined;
  readonly agentId?: AgentId | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly conversationId?: ConversationId | undefined;
  /** Blind indexes of the caller's number, one per key. */
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
export function selectCalls(tx: Tx, filters: CallFilters, { limit, after, among }: CallWindow) {
  const { fromIndexes: fromIndex, outcome, startedAfter, startedBefore, ...filter } = filters;
  const { minDurationMs, maxDurationMs, ...equal } = filter;
  return tx
    .selectFrom('call')
    .select(callSummaryColumns)
    .where(
      matching('call', {
        ...equal,
        tenantId: tx.tenantId,
        fromIndex,
        startedAt: { from: startedAfter, before: startedBefore },
        durationMs: {
          from: minDurationMs,
          before: maxDurationMs === undefined ? undefined : maxDurationMs + 1,
        },
      }),
    )
    .where(withOutcome(outcome))
    .where(among === undefined ? sql<SqlBool>`true` : sql<SqlBool>`id = any(${among})`)
    .where(after === undefined ? sql<SqlBool>`true` : beyond(after))
    .orderBy('startedAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
}

function beyond({ startedAt, id }: CallPosition): RawBuilder<SqlBool> {
  return sql`(started_at, id) < (${startedAt}, ${id})`;
}

/** Written as in the condition of the outcome's own index, which the planner does not match to a parameter. */
function withOutcome(outcome: CallOutcome | undefined): RawBuilder<SqlBool> {
  return outcome === undefined ? sql`true` : sql`outcome @> ${sql.lit(JSON.stringify([outcome]))}::jsonb`;
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
    .where(matching('callTurn', { tenantId: tx.tenantId, callId }))
    .orderBy('startOffsetMs')
    .orderBy('sequence')
    .execute();
}

export type TurnRow = Awaited<ReturnType<typeof listTurns>>[number];

/** Takes a call out of its tables, and puts its part in the totals into `deleted_call`. */
export async function deleteCallRows(tx: Tx, callId: CallId): Promise<void> {
  await sql`
    insert into deleted_call (tenant_id, id, number_id, agent_id, started_at, was_answered, duration_ms, usage, cost)
    select tenant_id, id, number_id, agent_id, started_at, answered_at is not null, coalesce(duration_ms, 0), usage, cost
    from call where tenant_id = ${tx.tenantId} and id = ${callId}`.execute(tx);
  for (const table of ['callTurn', 'callText'] as const) {
    await tx
      .deleteFrom(table)
      .where(matching(table, { tenantId: tx.tenantId, callId }))
      .execute();
  }
  await callTable.remove(tx, callId);
}
