import { type Kysely, sql } from 'kysely';

/** What an agent is being made into, apart from the versions that answer; and agents that are put away. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Null where the agent was made before there were drafts: then the published version is what is edited.
  await sql`alter table agent
    add column draft jsonb,
    add column archived_at timestamptz,
    add column updated_at timestamptz not null default now()`.execute(db);
  await sql`alter table agent_version add column published_by text`.execute(db);
  // With the agent itself, when no call has been answered by it.
  await sql`grant delete on agent_version to parley_app`.execute(db);
  // Saving a draft changes nothing about who answers: the number directory has no reason to read everything again.
  await sql`drop trigger touch_line_directory on agent`.execute(db);
  await sql`create trigger touch_line_directory
    after insert or delete or update of published_version_id, archived_at on agent
    for each statement execute function touch_line_directory()`.execute(db);
}
