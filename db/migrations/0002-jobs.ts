import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** Jobs that a transaction enqueues with what it writes; the relay hands them to the queue afterwards. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table outbox (
    id bigint primary key generated always as identity,
    tenant_id text not null,
    job text not null,
    data jsonb not null,
    job_id text not null unique,
    created_at timestamptz not null default now(),
    handed_at timestamptz,
    dead_at timestamptz,
    failure text
  )`.execute(db);
  await tenantTable(db, 'outbox', { tenant: ['insert'], system: ['select', 'insert', 'update', 'delete'] });
}
