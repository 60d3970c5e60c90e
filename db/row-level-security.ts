import { type Kysely, sql } from 'kysely';

type Privilege = 'select' | 'insert' | 'update' | 'delete';

export interface TenantTableOptions {
  /** The column that names the tenant; `id` for the table of tenants itself. */
  readonly tenantColumn?: string;
  /** Privileges of a tenant's transactions. An append-only table has `['select', 'insert']`. */
  readonly tenant?: readonly Privilege[];
  /** Privileges of transactions across tenants (line directory, API-key look-up, outbox, ingest); usually none. */
  readonly system?: readonly Privilege[];
}

const everything = ['select', 'insert', 'update', 'delete'] as const;

/**
 * Enables row-level security for tenant isolation; to be called right after a table with rows of tenants is created. It
 * is forced, so it applies to the owner of the tables too. Without a tenant in the transaction `current_setting` is
 * null or empty, which equals no tenant: no rows are visible and none can be written.
 *
 * A migration that changes rows of such a table must bypass the policy itself: it runs as the owner, who sees no rows
 * (a superuser would, so the mistake shows only on a server with a plain owner).
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
  // A login that is a member of the role inherits its policies, so the policy requires that the role is set.
  await sql`create policy system_rows on ${name} for all to parley_system
    using (current_user = 'parley_system') with check (current_user = 'parley_system')`.execute(db);
  await grant(db, table, options.system, 'parley_system');
}

/** A table without tenants, for transactions across tenants only. */
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
