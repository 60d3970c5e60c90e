import { type Kysely, sql } from 'kysely';
import { systemTable } from '../row-level-security.ts';

/** How often something was tried for one identity, on whichever node; the address's count is each node's own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table attempt_count (
    subject text primary key,
    count integer not null,
    window_ends_at timestamptz not null
  )`.execute(db);
  await sql`create index attempt_count_by_end on attempt_count (window_ends_at)`.execute(db);
  await systemTable(db, 'attempt_count');
}
