import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** How far each chat has been answered by an agent, and the lease of the answer in progress. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table chat_progress (
    tenant_id text collate "C" not null references tenant (id),
    conversation_id text collate "C" not null,
    answered_sequence integer not null default 0,
    answering_until timestamptz,
    primary key (tenant_id, conversation_id),
    foreign key (tenant_id, conversation_id) references conversation (tenant_id, id) on delete cascade
  )`.execute(db);
  await tenantTable(db, 'chat_progress');
}
