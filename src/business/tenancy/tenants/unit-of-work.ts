import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { runInTenant } from '../../../platform/data/tx.ts';
import type { Tx } from '../tenancy.ts';

/**
 * For code that does not take a `Tx` yet: the transaction `db` already is, or a new one. A transaction of another
 * tenant shows nothing, because row-level security goes by the transaction. Only `tenancy.run` knows the processors of
 * events, so a fact stated in a transaction that began here is refused, instead of going past the audit log.
 */
export function inTenant<Result>(
  db: Db,
  tenantId: TenantId,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  if ('dispatch' in db) return work(db as Tx);
  const unit = { tenantId, afterCommit: refuse, dispatch: () => Promise.try(refuse) };
  return db.isTransaction
    ? work(Object.assign(db, unit) as unknown as Tx)
    : runInTenant(db, tenantId, (transaction) => work(Object.assign(transaction, unit)));
}

function refuse(): never {
  throw new Error('This transaction has no processors of events; begin it with tenancy.run.');
}
