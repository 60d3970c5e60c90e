import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/**
 * The record of calls, projected from their events. Numbers, agents and versions are named without foreign keys: a
 * call is put on record even if they were deleted while it was going on.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table call (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    call_sid text not null,
    direction text not null,
    number_id text collate "C" not null,
    agent_id text collate "C" not null,
    agent_version_id text collate "C" not null,
    from_phone text not null,
    to_phone text not null,
    customer_id text collate "C",
    status text not null check (status in ('in_progress', 'completed')),
    started_at timestamptz not null,
    answered_at timestamptz,
    ended_at timestamptz,
    ended_reason text,
    duration_ms integer,
    caller_turn_count integer not null default 0,
    reply_count integer not null default 0,
    interruption_count integer not null default 0,
    tool_call_count integer not null default 0,
    fault_count integer not null default 0,
    usage jsonb,
    cost jsonb,
    recording_key text,
    recording_duration_ms integer,
    recording_size_bytes integer,
    outcome jsonb,
    summary text,
    -- The last journal record that is in this row and its turns.
    last_sequence integer not null,
    finished_at timestamptz,
    primary key (tenant_id, id),
    unique (tenant_id, call_sid),
    foreign key (tenant_id, customer_id) references customer (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'call');

  await sql`create table call_turn (
    tenant_id text collate "C" not null,
    call_id text collate "C" not null,
    -- Of the journal record that opened the row.
    sequence integer not null,
    kind text not null check (kind in ('caller', 'agent', 'tool')),
    turn integer not null,
    start_offset_ms integer not null,
    end_offset_ms integer,
    at timestamptz not null,
    -- What the caller said, or what the caller heard of the agent.
    text text,
    source text,
    words jsonb,
    reply_id text collate "C",
    reply_kind text,
    generated_text text,
    heard_ms integer,
    interrupted boolean not null default false,
    interruption_cause text,
    latency jsonb,
    tool_call_id text,
    tool text,
    arguments jsonb,
    result jsonb,
    tool_status text,
    duration_ms integer,
    primary key (tenant_id, call_id, sequence),
    foreign key (tenant_id, call_id) references call (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'call_turn');
}
