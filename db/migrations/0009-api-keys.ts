import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table api_key (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    name text not null,
    -- Hexadecimal. The key itself has 256 random bits, so a plain hash is enough and a lookup stays one index read.
    key_sha256 text not null unique,
    -- The end of the key, for people to tell their keys apart.
    hint text not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    revoked_at timestamptz,
    primary key (tenant_id, id)
  )`.execute(db);
  // A presented key is looked up before anyone knows whose it is.
  await tenantTable(db, 'api_key', { system: ['select', 'update'] });
}
