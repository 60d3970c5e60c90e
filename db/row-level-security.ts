import { type Kysely, sql } from 'kysely';

type Privilege = 'select' | 'insert' | 'update' | 'delete';

export interface TenantTableOptions {
  /** The column that names the tenant; `id` for the table of tenants itself. */
  readonly tenantColumn?: string;
  /** What a tenant's own unit of work may do. An append-only table gives `['select', 'insert']`. */
  readonly tenant?: readonly Privilege[];
  /** What work across tenants may do (number directory, API-key lookup, outbox, ingest); usually nothing. */
  readonly system?: readonly Privilege[];
}

const everything = ['select', 'insert', 'update', 'delete'] as const;

/**
 * Puts a table behind the tenant wall; every migration that creates a table of tenants' rows calls it right after.
 * Row-level security is forced, so the owner of the tables is held by it too. Without a tenant in the transaction
 * `current_setting` is null or empty, which equals no tenant: no rows are seen and none can be written.
 *
 * A migration that changes rows of such a table has to step through the wall itself: it runs as the owner, who
 * sees nothing there (a superuser would, so the fault shows only on a server with a plain owner).
 */
export async function tenantTable(
  db: Kysely<unknown>,
  table: string,
  options: TenantTableOptions = {},
): Promise<void> {
  const name = sql.table(table);
  const tenantColumn = sql.ref(options.tenantColumn ?? 'tenant_id');
  await sql`alter table ${name} enable row level security`.execute(db);
  await sql`alter table ${name} force row level security`.execute(db);
  await sql`create policy tenant_rows on ${name} for all to parley_app
    using (${tenantColumn} = current_setting('app.tenant_id', true))
    with check (${tenantColumn} = current_setting('app.tenant_id', true))`.execute(db);
  await grant(db, table, options.tenant ?? everything, 'parley_app');
  if (options.system === undefined || options.system.length === 0) return;
  // A login that is a member of the role inherits its policies too; only who has taken the role on may pass.
  await sql`create policy system_rows on ${name} for all to parley_system
    using (current_user = 'parley_system') with check (current_user = 'parley_system')`.execute(db);
  await grant(db, table, options.system, 'parley_system');
}

/** A table without tenants: bookkeeping that only work across tenants reads and writes. */
export async function systemTable(
  db: Kysely<unknown>,
  table: string,
  privileges: readonly Privilege[] = everything,
): Promise<void> {
  await grant(db, table, privileges, 'parley_system');
}

async function grant(
  db: Kysely<unknown>,
  table: string,
  privileges: readonly Privilege[],
  role: 'parley_app' | 'parley_system',
): Promise<void> {
  await sql`grant ${sql.raw(privileges.join(', '))} on ${sql.table(table)} to ${sql.raw(role)}`.execute(db);
}
