import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/**
 * The meaning of each chunk as a vector of length 1. With pgvector the server compares them; on a server without it
 * they are kept as bytes (little-endian float32) and compared in this process. There is no index on purpose: one
 * over all tenants is filtered after it was searched, so that small tenants find little, and an exact look at ten
 * thousand chunks of one tenant takes about 15 ms.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const column = (await enableVectors(db)) ? 'vector(512)' : 'bytea';
  await sql`create table knowledge_vector (
    tenant_id text collate "C" not null,
    source_id text collate "C" not null,
    version integer not null,
    position integer not null,
    -- Vectors of two models are never compared.
    model text not null,
    embedding ${sql.raw(column)} not null,
    primary key (tenant_id, source_id, version, position),
    foreign key (tenant_id, source_id, version, position)
      references knowledge_chunk (tenant_id, source_id, version, position) on delete cascade
  )`.execute(db);
  // 2 kB is just past the size from which values are moved out of the row, where each costs a look-up of its own.
  await sql`alter table knowledge_vector alter column embedding set storage plain`.execute(db);
  await tenantTable(db, 'knowledge_vector');
}

/** False where the extension is not installed, or may not be created by whoever migrates. */
async function enableVectors(db: Kysely<unknown>): Promise<boolean> {
  await sql`do $$ begin
    if exists (select from pg_available_extensions where name = 'vector') then
      create extension if not exists vector;
    end if;
  exception when insufficient_privilege then null;
  end $$`.execute(db);
  const { rows } = await sql`select from pg_extension where extname = 'vector'`.execute(db);
  return rows.length > 0;
}
