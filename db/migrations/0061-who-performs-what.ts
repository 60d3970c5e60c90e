import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** Which resources perform a service; one that names none is performed by every resource. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['service', 'booking_resource']) {
    // What was booked once is put away instead of removed, and is not offered any more.
    await sql`alter table ${sql.table(table)}
      add column archived_at timestamptz(3),
      add column updated_at timestamptz(3) not null default now(),
      add check (archived_at is null or not active)`.execute(db);
    await sql`create index ${sql.ref(`${table}_by_name`)} on ${sql.table(table)} (tenant_id, name, id)`.execute(
      db,
    );
  }
  await sql`alter table booking_resource
    add column kind text not null default 'person' check (kind in ('person', 'place', 'equipment'))`.execute(
    db,
  );

  await sql`create table service_resource (
    tenant_id text collate "C" not null,
    service_id text collate "C" not null,
    resource_id text collate "C" not null,
    primary key (tenant_id, service_id, resource_id),
    foreign key (tenant_id, service_id) references service (tenant_id, id) on delete cascade,
    foreign key (tenant_id, resource_id) references booking_resource (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index service_resource_of_resource
    on service_resource (tenant_id, resource_id, service_id)`.execute(db);
  await tenantTable(db, 'service_resource');
}
