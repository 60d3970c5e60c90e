import { type Kysely, sql } from 'kysely';
import { systemTable, tenantTable } from '../row-level-security.ts';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table tenant (
    id text collate "C" primary key,
    slug text not null unique,
    name text not null,
    time_zone text not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    created_at timestamptz not null default now()
  )`.execute(db);
  await tenantTable(db, 'tenant', { tenantColumn: 'id', system: ['select'] });

  await sql`create table agent (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    slug text not null,
    name text not null,
    published_version_id text collate "C",
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, slug)
  )`.execute(db);
  await tenantTable(db, 'agent', { system: ['select'] });

  await sql`create table agent_version (
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    agent_id text collate "C" not null,
    version integer not null check (version > 0),
    config jsonb not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, agent_id, version),
    foreign key (tenant_id, agent_id) references agent (tenant_id, id)
  )`.execute(db);
  // A call records the version that answered it, so a version is never changed.
  await tenantTable(db, 'agent_version', { tenant: ['select', 'insert'], system: ['select'] });
  await sql`alter table agent add foreign key (tenant_id, published_version_id)
    references agent_version (tenant_id, id)`.execute(db);

  await sql`create table phone_number (
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    number text not null unique check (number ~ '^\\+[1-9][0-9]{6,14}$'),
    agent_id text collate "C" not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    foreign key (tenant_id, agent_id) references agent (tenant_id, id)
  )`.execute(db);
  await tenantTable(db, 'phone_number', { system: ['select'] });

  await createDirectoryStamp(db);
}

/**
 * One row that changes, in the same transaction, with everything the number directory is made of: a reader that sees
 * the new stamp also sees the new lines, which a timestamp or a sequence could not promise.
 */
async function createDirectoryStamp(db: Kysely<unknown>): Promise<void> {
  await sql`create table line_directory_stamp (
    only_row boolean primary key default true check (only_row),
    version integer not null
  )`.execute(db);
  await sql`insert into line_directory_stamp (version) values (1)`.execute(db);
  await systemTable(db, 'line_directory_stamp', ['select']);
  await sql`create function touch_line_directory() returns trigger
    language plpgsql security definer set search_path = public as $$
    begin
      update line_directory_stamp set version = version + 1;
      return null;
    end $$`.execute(db);
  for (const table of ['tenant', 'agent', 'phone_number']) {
    await sql`create trigger touch_line_directory after insert or update or delete on ${sql.table(table)}
      for each statement execute function touch_line_directory()`.execute(db);
  }
}
