import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';

export interface Range {
  readonly from: Date;
  readonly to: Date;
}

/** What there is now, whatever the range. */
export async function countStanding(db: Db, tenantId: TenantId) {
  const { rows } = await sql<{
    numbersConnected: number;
    activeAgents: number;
    openTickets: number;
    upcomingBookings: number;
    customers: number;
  }>`
    select
      (select count(*)::integer from phone_number where tenant_id = ${tenantId} and status = 'active') as numbers_connected,
      (select count(*)::integer from agent
        where tenant_id = ${tenantId} and published_version_id is not null and archived_at is null) as active_agents,
      (select count(*)::integer from ticket
        where tenant_id = ${tenantId} and status in ('open', 'in_progress')) as open_tickets,
      (select count(*)::integer from booking
        where tenant_id = ${tenantId} and status = 'booked' and starts_at > now()) as upcoming_bookings,
      (select count(*)::integer from customer where tenant_id = ${tenantId}) as customers`.execute(db);
  return rows[0]!;
}

/** What the business did in the range, by the day it was made, whoever made it. */
export async function countDeeds(db: Db, tenantId: TenantId, { from, to }: Range) {
  const made = sql`tenant_id = ${tenantId} and created_at >= ${from} and created_at < ${to}`;
  const { rows } = await sql<{
    orders: number;
    orderValueMinor: number;
    bookings: number;
    tickets: number;
  }>`
    select
      (select count(*)::integer from customer_order where ${made} and status <> 'cancelled') as orders,
      (select coalesce(sum(total_minor), 0)::float8 from customer_order
        where ${made} and status <> 'cancelled') as order_value_minor,
      (select count(*)::integer from booking where ${made} and status <> 'cancelled') as bookings,
      (select count(*)::integer from ticket where ${made}) as tickets`.execute(db);
  return rows[0]!;
}

/** On the clocks of the business. Monday is 1. */
export async function countByHour(db: Db, tenantId: TenantId, { from, to }: Range, timeZone: string) {
  const { rows } = await sql<{ weekday: number; hour: number; calls: number }>`
    select extract(isodow from started_at at time zone ${timeZone})::integer as weekday,
      extract(hour from started_at at time zone ${timeZone})::integer as hour,
      count(*)::integer as calls
    from call where tenant_id = ${tenantId} and started_at >= ${from} and started_at < ${to}
    group by 1, 2 order by 3 desc, 1, 2`.execute(db);
  return rows;
}

/** What calls were about, by the tools they used; a call about two things counts for both. */
export async function countTopics(db: Db, tenantId: TenantId, { from, to }: Range) {
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
      join call_turn on call_turn.tenant_id = ${tenantId} and call_turn.call_id = call.id and call_turn.kind = 'tool'
      where call.tenant_id = ${tenantId} and started_at >= ${from} and started_at < ${to}
    ) as told
    where topic is not null group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

export async function countTools(db: Db, tenantId: TenantId, { from, to }: Range) {
  const { rows } = await sql<{ tool: string; uses: number; failures: number; averageMs: number }>`
    select tool, count(*)::integer as uses,
      count(*) filter (where tool_status not in ('ok', 'refused'))::integer as failures,
      coalesce(avg(call_turn.duration_ms), 0)::float8 as average_ms
    from call
    join call_turn on call_turn.tenant_id = ${tenantId} and call_turn.call_id = call.id and call_turn.kind = 'tool'
    where call.tenant_id = ${tenantId} and started_at >= ${from} and started_at < ${to}
    group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

const components = ['speechToText', 'model', 'textToSpeech', 'telephony'] as const;

/** Millionths of the currency the costs are in. */
export async function sumCosts(db: Db, tenantId: TenantId, { from, to }: Range) {
  const sums = sql.join(
    components.map(
      (name) =>
        sql`coalesce(sum((cost ->> ${`${name}Micros`})::bigint), 0)::float8 as ${sql.ref(`${name}Micros`)}`,
    ),
  );
  const { rows } = await sql<Record<`${(typeof components)[number]}Micros`, number>>`
    select ${sums} from call
    where tenant_id = ${tenantId} and started_at >= ${from} and started_at < ${to}`.execute(db);
  return rows[0]!;
}
