import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table api_key
    add column mode text not null default 'test' check (mode in ('test', 'live')),
    -- Names of permissions, or "*" for all of them: what a key made by an operator's command has.
    add column scopes jsonb not null default '["*"]',
    add column expires_at timestamptz,
    -- Addresses and networks; empty lets it be used from anywhere.
    add column allowed_addresses jsonb not null default '[]',
    add column created_by text`.execute(db);
}
