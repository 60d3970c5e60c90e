import { type Kysely, sql } from 'kysely';
import { systemTable } from '../row-level-security.ts';

/** Codes sent to phones: the newest of a number and purpose is the one that counts. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table one_time_code (
    id text collate "C" primary key,
    phone_index text not null,
    purpose text not null check (purpose in ('register', 'sign-in', 'reset-password')),
    -- Keyed: six digits are guessed in a moment by whoever reads a plain hash.
    code_hmac text not null,
    wrong_tries integer not null default 0,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
  )`.execute(db);
  // The limits of a number, and its newest code.
  await sql`create index one_time_code_of_phone on one_time_code (phone_index, created_at desc)`.execute(db);
  await sql`create index one_time_code_by_age on one_time_code (created_at)`.execute(db);
  await systemTable(db, 'one_time_code');
}
