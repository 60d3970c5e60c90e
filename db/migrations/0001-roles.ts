import { type Kysely, sql } from 'kysely';

/** The two roles that transactions run as: of one tenant, and across tenants. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createRole(db, 'parley_app');
  await createRole(db, 'parley_system');
  await sql`grant usage on schema public to parley_app, parley_system`.execute(db);
}

/**
 * Roles belong to the whole server, so another database of it may have created them, even concurrently. A login that
 * may not create roles can still migrate if an administrator has created both and granted them to it.
 */
async function createRole(db: Kysely<unknown>, role: 'parley_app' | 'parley_system'): Promise<void> {
  const quoted = sql.lit(role);
  const name = sql.raw(role);
  await sql`do $$ begin
    -- One at a time for the whole server: two databases granting at once end in "tuple concurrently updated".
    perform pg_advisory_xact_lock(hashtext('parley roles'));
    if not exists (select from pg_roles where rolname = ${quoted}) then
      begin
        create role ${name} nologin noinherit nobypassrls;
      exception when duplicate_object or unique_violation then null;
      end;
    end if;
    if not pg_has_role(current_user, ${quoted}, 'member') then
      grant ${name} to current_user;
    end if;
  end $$`.execute(db);
}
