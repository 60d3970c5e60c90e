import type { Tx } from '../../../tenancy/tenancy.ts';
import { sql } from 'kysely';
import type { TenantId } from '../../../../platform/data/ids.ts';

export type StatsGroup = 'day' | 'number' | 'agent';

export interface StatsRange {
  readonly startedAfter: Date;
  readonly startedBefore: Date;
  /** IANA zone whose days are meant. */
  readonly timeZone: string;
}

/** What the calls of a range are grouped by, as text; with no group, all of them together. */
function keyOf(group: StatsGroup | undefined, { timeZone }: StatsRange) {
  switch (group) {
    case 'day':
      return sql<string>`to_char(started_at at time zone ${timeZone}, 'YYYY-MM-DD')`;
    case 'number':
      return sql<string>`number_id`;
    case 'agent':
      return sql<string>`agent_id`;
    case undefined:
      return sql<string>`''`;
    default:
      return group satisfies never;
  }
}

function inRange(tenantId: TenantId, { startedAfter, startedBefore }: StatsRange) {
  return sql`tenant_id = ${tenantId} and started_at >= ${startedAfter} and started_at < ${startedBefore}`;
}

/** Deleted calls are included: `deleted_call` has their part. */
export async function countCalls(tx: Tx, range: StatsRange, group?: StatsGroup) {
  const where = inRange(tx.tenantId, range);
  const { rows } = await sql<{
    key: string;
    calls: number;
    answered: number;
    completed: number;
    durationMs: number;
    costMicros: number;
  }>`
    select ${keyOf(group, range)} as key, count(*)::integer as calls,
      count(*) filter (where was_answered)::integer as answered,
      count(*) filter (where is_completed)::integer as completed,
      coalesce(sum(duration_ms), 0)::float8 as duration_ms,
      coalesce(sum((cost ->> 'totalMicros')::bigint), 0)::float8 as cost_micros
    from (
      select started_at, number_id, agent_id, answered_at is not null as was_answered,
        status = 'completed' as is_completed, duration_ms, cost from call where ${where}
      union all
      select started_at, number_id, agent_id, was_answered, true, duration_ms, cost from deleted_call where ${where}
    ) as counted
    group by 1 order by 1`.execute(tx);
  return rows;
}

export async function countOutcomes(tx: Tx, range: StatsRange, group?: StatsGroup) {
  const { rows } = await sql<{ key: string; outcome: string; calls: number }>`
    select ${keyOf(group, range)} as key, value as outcome, count(*)::integer as calls
    from call, jsonb_array_elements_text(outcome)
    where ${inRange(tx.tenantId, range)} group by 1, 2 order by 1, 3 desc, 2`.execute(tx);
  return rows;
}

export const latencyStages = [
  'endpointingMs',
  'requestMs',
  'firstTokenMs',
  'firstChunkMs',
  'firstAudioMs',
  'sendMs',
  'totalMs',
] as const;

/** Over all answered turns of the range; a stage that began before the end of the turn has a negative latency. */
export async function measureLatency(tx: Tx, range: StatsRange, group?: StatsGroup) {
  const stages = sql.join(latencyStages.map((stage) => sql`${stage}::text`));
  const { rows } = await sql<{ key: string; stage: string; turns: number; p50: number; p95: number }>`
    select ${keyOf(group, range)} as key, stage, count(*)::integer as turns,
      percentile_cont(0.5) within group (order by (latency ->> stage)::float8) as p50,
      percentile_cont(0.95) within group (order by (latency ->> stage)::float8) as p95
    from (select id, started_at, number_id, agent_id from call where ${inRange(tx.tenantId, range)}) as within_range
    join call_turn on call_turn.tenant_id = ${tx.tenantId} and call_id = within_range.id and latency is not null
    cross join unnest(array[${stages}]) as stage
    where latency ->> stage is not null
    group by 1, 2`.execute(tx);
  return rows;
}
