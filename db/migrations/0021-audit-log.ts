import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table audit_entry (
    tenant_id text collate "C" not null references tenant (id),
    -- Sorts by time; the newest first is the primary key backwards.
    id text collate "C" not null,
    at timestamptz not null default now(),
    actor_type text not null,
    actor_id text not null,
    -- The member of the platform's staff who acted in the tenant's place.
    impersonated_by text,
    address text,
    action text not null,
    resource text not null,
    resource_id text,
    before jsonb,
    after jsonb,
    primary key (tenant_id, id)
  )`.execute(db);
  await sql`create index audit_entry_by_actor on audit_entry (tenant_id, actor_id, id)`.execute(db);
  await sql`create index audit_entry_by_resource on audit_entry (tenant_id, resource, resource_id, id)`.execute(
    db,
  );
  await sql`create index audit_entry_by_action on audit_entry (tenant_id, action, id)`.execute(db);
  // No right to update or delete, for anyone: what is on record stays.
  await tenantTable(db, 'audit_entry', { tenant: ['select', 'insert'], system: ['select', 'insert'] });
}
