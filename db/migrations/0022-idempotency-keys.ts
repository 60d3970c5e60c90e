import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table idempotency_key (
    tenant_id text collate "C" not null references tenant (id),
    -- A key is its sender's: two programs of one tenant may choose the same.
    actor_id text not null,
    key text not null,
    request_sha256 text not null,
    created_at timestamptz not null default now(),
    -- Null while the request is being served.
    status integer,
    content_type text,
    -- Encrypted: the answer may hold what is shown only once.
    body_encrypted text,
    primary key (tenant_id, actor_id, key)
  )`.execute(db);
  await sql`create index idempotency_key_by_age on idempotency_key (tenant_id, created_at)`.execute(db);
  await tenantTable(db, 'idempotency_key');
}
