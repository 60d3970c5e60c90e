import { type Kysely, sql } from 'kysely';

/** Tools do their work in written conversations too: an entry belongs to a call or to a chat. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tool_ledger
    alter column call_id drop not null,
    add column chat_id text collate "C",
    add check (num_nonnulls(call_id, chat_id) = 1)`.execute(db);
}
