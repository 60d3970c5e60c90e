import { type Kysely, sql } from 'kysely';
import { systemTable } from '../row-level-security.ts';

/** Sign-ins that are at Google now: what has to be the same when the person comes back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table google_sign_in (
    -- Of the token that the browser keeps to itself, and that is in no address.
    token_sha256 text primary key,
    state text not null,
    nonce text not null,
    code_verifier_encrypted text not null,
    redirect_uri text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`.execute(db);
  await sql`create index google_sign_in_by_age on google_sign_in (created_at)`.execute(db);
  await systemTable(db, 'google_sign_in');
}
