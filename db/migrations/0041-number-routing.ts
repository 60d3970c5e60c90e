import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** Which agents answer a number, by weight and by opening hours; and how far a number is at the carrier. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table number_agent (
    tenant_id text collate "C" not null,
    number_id text collate "C" not null,
    agent_id text collate "C" not null,
    -- Against the weights of the number's other agents; 0 answers nothing for the time being.
    weight integer not null check (weight between 0 and 1000),
    created_at timestamptz not null default now(),
    primary key (tenant_id, number_id, agent_id),
    foreign key (tenant_id, number_id) references phone_number (tenant_id, id) on delete cascade,
    foreign key (tenant_id, agent_id) references agent (tenant_id, id)
  )`.execute(db);
  await sql`create index number_agent_of_agent on number_agent (tenant_id, agent_id, number_id)`.execute(db);
  await moveAgents(db);
  await tenantTable(db, 'number_agent', { system: ['select'] });
  await addCarrierState(db);
  await sql`create trigger touch_line_directory after insert or update or delete on number_agent
    for each statement execute function touch_line_directory()`.execute(db);
}

/** As the owner of the tables, past the wall that holds the owner too. */
async function moveAgents(db: Kysely<unknown>): Promise<void> {
  await sql`alter table phone_number no force row level security`.execute(db);
  await sql`insert into number_agent (tenant_id, number_id, agent_id, weight)
    select tenant_id, id, agent_id, 100 from phone_number`.execute(db);
  await sql`alter table phone_number force row level security`.execute(db);
  await sql`alter table phone_number drop column agent_id`.execute(db);
}

async function addCarrierState(db: Kysely<unknown>): Promise<void> {
  await sql`alter table phone_number
    add column label text not null default '',
    add column status text not null default 'active'
      check (status in ('ordering', 'active', 'releasing', 'released', 'failed')),
    -- The carrier's own name for it; null for a number that no carrier has given us.
    add column carrier_sid text,
    add column country text,
    add column capabilities jsonb,
    -- Outside the opening hours; with neither of the two the number's agents answer at all hours.
    add column after_hours_agent_id text collate "C",
    add column after_hours_message text,
    -- When somebody last began to settle with the carrier; others keep off for a while.
    add column attempted_at timestamptz,
    add column attempts integer not null default 0,
    add column failure text,
    add column released_at timestamptz,
    add column updated_at timestamptz not null default now(),
    add foreign key (tenant_id, after_hours_agent_id) references agent (tenant_id, id),
    add check (after_hours_agent_id is null or after_hours_message is null)`.execute(db);
  // A number that was given back, or was never had, may come to somebody else.
  await sql`alter table phone_number drop constraint phone_number_number_key`.execute(db);
  await sql`create unique index phone_number_live on phone_number (number)
    where status in ('ordering', 'active', 'releasing')`.execute(db);
  await sql`create index phone_number_unsettled on phone_number (attempted_at)
    where status in ('ordering', 'releasing')`.execute(db);
  await sql`create index phone_number_after_hours on phone_number (tenant_id, after_hours_agent_id)
    where after_hours_agent_id is not null`.execute(db);
}
