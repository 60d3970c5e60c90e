import { type Kysely, sql } from 'kysely';
import { systemTable, tenantTable } from '../row-level-security.ts';

/** Agents with their versions, phone numbers, and which agents answer which number. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createAgent(db);
  await createPhoneNumber(db);
  await createDirectoryStamp(db);
}

async function createAgent(db: Kysely<unknown>): Promise<void> {
  await sql`create table agent (
    tenant_id text collate "C" not null references tenant (id),
    id text collate "C" not null,
    version integer not null default 1,
    slug text not null,
    name text not null,
    published_version_id text collate "C",
    -- What is being edited, apart from the versions that answer.
    draft jsonb not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    archived_at timestamptz,
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
    published_by text,
    created_at timestamptz not null default now(),
    primary key (tenant_id, id),
    unique (tenant_id, agent_id, version),
    foreign key (tenant_id, agent_id) references agent (tenant_id, id) on delete cascade
  )`.execute(db);
  // A call refers to the version that answered it, so a version is never changed. It is deleted together with its
  // agent, if that has answered no call.
  await tenantTable(db, 'agent_version', { tenant: ['select', 'insert'], system: ['select'] });
  await sql`alter table agent add foreign key (tenant_id, published_version_id)
    references agent_version (tenant_id, id)`.execute(db);
}

async function createPhoneNumber(db: Kysely<unknown>): Promise<void> {
  await sql`create table phone_number (
    tenant_id text collate "C" not null,
    id text collate "C" not null,
    version integer not null default 1,
    number text not null check (number ~ '^\\+[1-9][0-9]{6,14}$'),
    label text not null default '',
    status text not null default 'active'
      check (status in ('ordering', 'active', 'releasing', 'released', 'failed')),
    -- The carrier's own name for it; null for a number that no carrier has given us.
    carrier_sid text,
    country text,
    capabilities jsonb,
    -- Outside the opening hours; with neither of the two the number's agents answer at all hours.
    after_hours_agent_id text collate "C",
    after_hours_message text,
    -- When somebody last began to settle with the carrier; others keep off for a while.
    attempted_at timestamptz,
    attempts integer not null default 0,
    failure text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    released_at timestamptz,
    primary key (tenant_id, id),
    foreign key (tenant_id, after_hours_agent_id) references agent (tenant_id, id),
    check (after_hours_agent_id is null or after_hours_message is null)
  )`.execute(db);
  // A number that was released, or never acquired, may be assigned to another tenant.
  await sql`create unique index phone_number_live on phone_number (number)
    where status in ('ordering', 'active', 'releasing')`.execute(db);
  await sql`create index phone_number_unsettled on phone_number (attempted_at)
    where status in ('ordering', 'releasing')`.execute(db);
  await sql`create index phone_number_after_hours on phone_number (tenant_id, after_hours_agent_id)
    where after_hours_agent_id is not null`.execute(db);
  await tenantTable(db, 'phone_number', { system: ['select'] });

  await sql`create table number_agent (
    tenant_id text collate "C" not null,
    number_id text collate "C" not null,
    agent_id text collate "C" not null,
    -- Against the weights of the number's other agents; 0 answers nothing for the time being.
    weight integer not null check (weight between 0 and 1000),
    created_at timestamptz not null default now(),
    primary key (tenant_id, number_id, agent_id),
    foreign key (tenant_id, number_id) references phone_number (tenant_id, id) on delete cascade,
    foreign key (tenant_id, agent_id) references agent (tenant_id, id) on delete cascade
  )`.execute(db);
  await sql`create index number_agent_of_agent on number_agent (tenant_id, agent_id, number_id)`.execute(db);
  await tenantTable(db, 'number_agent', { system: ['select'] });
}

/**
 * One row that is updated in the same transaction as everything in the line directory, so that a reader that sees the
 * new stamp also sees the new lines, which a timestamp or a sequence does not guarantee.
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
  for (const table of ['tenant', 'phone_number', 'number_agent', 'opening_hours', 'opening_exception']) {
    await sql`create trigger touch_line_directory after insert or update or delete on ${sql.table(table)}
      for each statement execute function touch_line_directory()`.execute(db);
  }
  // Saving a draft does not affect who answers, so the line directory need not be reloaded.
  await sql`create trigger touch_line_directory
    after insert or delete or update of published_version_id, archived_at on agent
    for each statement execute function touch_line_directory()`.execute(db);
  // The directory reads the opening hours of all tenants.
  for (const table of ['opening_hours', 'opening_exception']) {
    await sql`create policy system_rows on ${sql.table(table)} for select to parley_system
      using (current_user = 'parley_system')`.execute(db);
    await systemTable(db, table, ['select']);
  }
}
