import { type Kysely, sql } from 'kysely';
import { systemTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table password_reset (
    token_sha256 text primary key,
    person_id text collate "C" not null references person (id),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`.execute(db);
  await sql`create index password_reset_of_person on password_reset (person_id)`.execute(db);
  await sql`create index password_reset_by_age on password_reset (created_at)`.execute(db);
  await systemTable(db, 'password_reset');
}
