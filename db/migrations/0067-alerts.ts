import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** Notices to the people of a business, and who of them has read which. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table alert (
    tenant_id text collate "C" not null references tenant (id),
    -- Sorts by time: the newest first is the primary key backwards.
    id text collate "C" not null,
    kind text not null,
    severity text not null check (severity in ('info', 'warning', 'critical')),
    title text not null,
    body text not null default '',
    resource text,
    resource_id text,
    at timestamptz not null default now(),
    primary key (tenant_id, id)
  )`.execute(db);
  await sql`create index alert_by_kind on alert (tenant_id, kind, id)`.execute(db);
  await tenantTable(db, 'alert', { tenant: ['select', 'insert'] });

  await sql`create table alert_read (
    tenant_id text collate "C" not null,
    member_id text collate "C" not null,
    alert_id text collate "C" not null,
    read_at timestamptz not null default now(),
    primary key (tenant_id, member_id, alert_id),
    foreign key (tenant_id, member_id) references member (tenant_id, id),
    foreign key (tenant_id, alert_id) references alert (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'alert_read', { tenant: ['select', 'insert'] });
}
