import { sql } from 'kysely';
import type { AgentId, PhoneNumberId } from '../../../tenancy/ids/ids.ts';
import type { Tx } from '../../../tenancy/tenancy.ts';

/** From `from` on, and before `to`. */
export interface CallRange {
  readonly from: Date;
  readonly to: Date;
}

/** By weekday and hour in the time zone of the business. Monday is 1. */
export async function countByHour(tx: Tx, { from, to }: CallRange, timeZone: string) {
  const { rows } = await sql<{ weekday: number; hour: number; calls: number }>`
    select extract(isodow from started_at at time zone ${timeZone})::integer as weekday,
      extract(hour from started_at at time zone ${timeZone})::integer as hour,
      count(*)::integer as calls
    from call where tenant_id = ${tx.tenantId} and started_at >= ${from} and started_at < ${to}
    group by 1, 2 order by 3 desc, 1, 2`.execute(tx);
  return rows;
}

/** What calls were about, by the tools they used; a call about two things counts for both. */
export async function countTopics(tx: Tx, { from, to }: CallRange) {
  const { rows } = await sql<{ topic: string; calls: number }>`
    select topic, count(distinct call_id)::integer as calls
    from (
      select call_turn.call_id, case
        when tool in ('list_services', 'find_free_slots', 'book_appointment', 'find_appointment',
          'move_appointment', 'cancel_appointment') then 'appointments'
        when tool in ('list_products', 'create_order', 'find_order', 'cancel_order') then 'orders'
        when tool in ('create_ticket', 'find_ticket', 'update_ticket') then 'problems'
        when tool = 'take_message' then 'messages'
        when tool = 'transfer_call' then 'speaking to a person'
        when tool = 'search_knowledge' then 'questions'
      end as topic
      from call
      join call_turn on call_turn.tenant_id = ${tx.tenantId} and call_turn.call_id = call.id and call_turn.kind = 'tool'
      where call.tenant_id = ${tx.tenantId} and started_at >= ${from} and started_at < ${to}
    ) as told
    where topic is not null group by 1 order by 2 desc, 1`.execute(tx);
  return rows;
}

export async function countTools(tx: Tx, { from, to }: CallRange) {
  const { rows } = await sql<{ tool: string; uses: number; failures: number; averageMs: number }>`
    select tool, count(*)::integer as uses,
      count(*) filter (where tool_status not in ('ok', 'refused'))::integer as failures,
      coalesce(round(avg(call_turn.duration_ms)), 0)::integer as average_ms
    from call
    join call_turn on call_turn.tenant_id = ${tx.tenantId} and call_turn.call_id = call.id and call_turn.kind = 'tool'
    where call.tenant_id = ${tx.tenantId} and started_at >= ${from} and started_at < ${to}
    group by 1 order by 2 desc, 1`.execute(tx);
  return rows;
}

const components = ['speechToText', 'model', 'textToSpeech', 'telephony'] as const;

/** In millionths of the currency. */
export async function sumCosts(tx: Tx, { from, to }: CallRange) {
  const sums = sql.join(
    components.map(
      (name) =>
        sql`coalesce(sum((cost ->> ${`${name}Micros`})::bigint), 0)::float8 as ${sql.ref(`${name}Micros`)}`,
    ),
  );
  const { rows } = await sql<Record<`${(typeof components)[number]}Micros`, number>>`
    select ${sums} from call
    where tenant_id = ${tx.tenantId} and started_at >= ${from} and started_at < ${to}`.execute(tx);
  return rows[0]!;
}

/** The calls of a number in the last thirty days. */
export async function readNumberUsage(tx: Tx, numberId: PhoneNumberId) {
  const { rows } = await sql<{ calls: number; durationMs: number; lastCallAt: Date | null }>`
    select count(*)::int as calls, coalesce(sum(duration_ms), 0)::float8 as duration_ms,
      max(started_at) as last_call_at
    from call
    where tenant_id = ${tx.tenantId} and number_id = ${numberId} and started_at > now() - interval '30 days'`.execute(
    tx,
  );
  return rows[0]!;
}

/** Whether an agent has answered any call that is on record. */
export async function hasCallsOfAgent(tx: Tx, agentId: AgentId): Promise<boolean> {
  const { rows } = await sql`
    select id from call where tenant_id = ${tx.tenantId} and agent_id = ${agentId} limit 1`.execute(tx);
  return rows.length > 0;
}
