import { type Kysely, sql } from 'kysely';

/** What the platform's staff look at across tenants: businesses, people, and how many calls there are. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // Whoever signs up makes the tenant, before there is anybody in it.
  await sql`grant insert on tenant to parley_system`.execute(db);
  await sql`create policy platform_rows on call for select to parley_system
    using (current_user = 'parley_system')`.execute(db);
  await sql`grant select on call to parley_system`.execute(db);
  await sql`create index call_of_platform_by_start on call (started_at)`.execute(db);
  // Searched for by how the name or the slug begins.
  await sql`create index tenant_name_start on tenant (lower(name) text_pattern_ops)`.execute(db);
  await sql`create index tenant_slug_start on tenant (slug text_pattern_ops)`.execute(db);
  await sql`create index person_name_start on person (lower(name) text_pattern_ops)`.execute(db);
}
