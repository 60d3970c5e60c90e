import { type Kysely, sql } from 'kysely';
import { tenantTable } from '../row-level-security.ts';

/** What every unit of work stands on: the two roles, the record of what happened, the jobs it promises. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createRole(db, 'parley_app');
  await createRole(db, 'parley_system');
  await sql`grant usage on schema public to parley_app, parley_system`.execute(db);

  await db.schema
    .createTable('event_record')
    .addColumn('tenant_id', 'text', (column) => column.notNull())
    .addColumn('stream', 'text', (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('data', 'jsonb', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('event_record_pkey', ['tenant_id', 'stream', 'sequence'])
    .execute();
  // No right to update or delete: what is on record stays.
  await tenantTable(db, 'event_record', { tenant: ['select', 'insert'], system: ['select'] });

  await db.schema
    .createTable('outbox')
    .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
    .addColumn('tenant_id', 'text', (column) => column.notNull())
    .addColumn('job', 'text', (column) => column.notNull())
    .addColumn('data', 'jsonb', (column) => column.notNull())
    .addColumn('job_id', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
    .addColumn('handed_at', 'timestamptz')
    .addColumn('dead_at', 'timestamptz')
    .addColumn('failure', 'text')
    .execute();
  await tenantTable(db, 'outbox', { tenant: ['insert'], system: ['select', 'insert', 'update', 'delete'] });
}

/**
 * Roles belong to the whole server, so another database of it may have made them, perhaps this very moment. A
 * login that may not create roles can still migrate when an administrator has created both and granted them to it.
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
