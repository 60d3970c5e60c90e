import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { createTenancy } from '../tenancy.ts';
import type { Tx } from '../tx.ts';

/**
 * For code that does not take a `Tx` yet: the transaction `db` already is, or a new one. A transaction of another
 * tenant shows nothing, because row-level security goes by the transaction.
 */
export function inTenant<Result>(
  db: Db,
  tenantId: TenantId,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  if (!db.isTransaction) return createTenancy(db).run({ tenantId }, work);
  if ('dispatch' in db) return work(db as Tx);
  const unit = { tenantId, afterCommit: () => undefined, dispatch: () => Promise.resolve() };
  return work(Object.assign(db, unit) as unknown as Tx);
}
