import { type Db, withTenant } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';

/**
 * The tenant's unit of work: the transaction `db` already is (a tool's, with its ledger entry), or a new one. A
 * transaction of another tenant shows nothing, because row-level security goes by the transaction.
 */
export function inTenant<Result>(
  db: Db,
  tenantId: TenantId,
  work: (transaction: Db) => Promise<Result>,
): Promise<Result> {
  return db.isTransaction ? work(db) : withTenant(db, tenantId, work);
}
