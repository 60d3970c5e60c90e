import { type Kysely, type Transaction, sql } from 'kysely';
import type { TenantId } from './ids.ts';
import type { Tables } from './tables.ts';

/**
 * A transaction that row-level security confines to one tenant's rows, whatever its queries say. Queries take this
 * and never the pool: a query on the pool inside a transaction would wait for a second connection.
 */
export interface TenantTransaction extends Transaction<Tables> {
  readonly tenantId: TenantId;
}

/** A transaction of one tenant, or across them. */
export type AnyTransaction = Transaction<Tables>;

/**
 * A transaction across tenants, which row-level security limits to a few tables: line directory, API keys, outbox,
 * ingest.
 */
export interface SystemTx extends Transaction<Tables> {
  readonly acrossTenants: true;
}

/** Runs `work` in a transaction of one tenant; commits when it resolves, and rolls back when it rejects. */
export function runInTenant<Result>(
  db: Kysely<Tables>,
  tenantId: TenantId,
  work: (tx: TenantTransaction) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (transaction) => {
    await sql`select set_config('role', 'parley_app', true), set_config('app.tenant_id', ${tenantId}, true)`.execute(
      transaction,
    );
    return work(Object.assign(transaction, { tenantId }));
  });
}

/** Runs `work` in a transaction across tenants. */
export function runAcrossTenants<Result>(
  db: Kysely<Tables>,
  work: (tx: SystemTx) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (transaction) => {
    await sql`select set_config('role', 'parley_system', true)`.execute(transaction);
    return work(Object.assign(transaction, { acrossTenants: true as const }));
  });
}
