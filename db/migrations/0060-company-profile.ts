import { type Kysely, sql } from 'kysely';

/** What a business says of itself. How it is reached is encrypted, as all addresses and numbers are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table tenant
    add column legal_name text,
    add column description text not null default '',
    add column website text,
    add column address_encrypted text,
    add column phone_encrypted text,
    add column email_encrypted text,
    add column languages jsonb not null default '[]',
    add column updated_at timestamptz(3) not null default now()`.execute(db);
}
