import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/**
 * One row per intended effect of a tool; a second use of its key returns the first result. An entry belongs to a call
 * or to a chat.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table tool_ledger (
    tenant_id text collate "C" not null references tenant (id),
    idempotency_key text not null,
    call_id text collate "C",
    chat_id text collate "C",
    turn integer not null,
    tool text not null,
    arguments jsonb not null,
    status text not null,
    result jsonb,
    created_at timestamptz not null default now(),
    completed_at timestamptz,
    primary key (tenant_id, idempotency_key),
    check (num_nonnulls(call_id, chat_id) = 1)
  )`.execute(db);
  await sql`create index tool_ledger_call on tool_ledger (tenant_id, call_id)`.execute(db);
  await sql`create index tool_ledger_chat on tool_ledger (tenant_id, chat_id) where chat_id is not null`.execute(
    db,
  );
  await tenantTable(db, 'tool_ledger');
}
