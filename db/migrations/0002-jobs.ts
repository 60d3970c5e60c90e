import { type Kysely, sql } from 'kysely';
import { systemTable, tenantTable } from '../row-level-security.ts';

/** Jobs that a transaction enqueues with what it writes, and when periodic ones are due. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createOutbox(db);
  await createSchedule(db);
}

async function createOutbox(db: Kysely<unknown>): Promise<void> {
  await sql`create table outbox (
    id bigint primary key generated always as identity,
    -- Null for the server's own periodic work.
    tenant_id text,
    job text not null,
    data jsonb not null,
    job_id text not null unique,
    created_at timestamptz not null default now(),
    -- Not before then; null means at once. Milliseconds, so that it compares equal to what JavaScript read.
    due_at timestamptz(3),
    handed_at timestamptz,
    -- Counted as the work begins, so that an attempt that ends its process counts too.
    attempts integer not null default 0,
    -- Set while an attempt is under way.
    started_at timestamptz,
    dead_at timestamptz,
    failure text
  )`.execute(db);
  await sql`create index outbox_by_due on outbox (due_at) where dead_at is null`.execute(db);
  await tenantTable(db, 'outbox', {
    tenant: ['select', 'insert', 'delete'],
    system: ['select', 'insert', 'update', 'delete'],
  });
  // A tenant may cancel a waiting job of its own, or reschedule it, and change nothing else.
  await sql`grant update (due_at, handed_at) on outbox to parley_app`.execute(db);
}

async function createSchedule(db: Kysely<unknown>): Promise<void> {
  await sql`create table job_schedule (
    name text primary key,
    -- The line of the schedule that next_at was computed from; another line computes it anew.
    rule text not null,
    next_at timestamptz(3) not null
  )`.execute(db);
  await systemTable(db, 'job_schedule', ['select', 'insert', 'update']);
}
