import type { Db } from '../../platform/data/db.ts';
import type { TenantId } from '../../platform/data/ids.ts';
import {
  runAcrossTenants,
  runInTenant,
  type SystemTx as AcrossTenants,
  type TenantTransaction,
} from '../../platform/data/tx.ts';
import type { Processor } from './events/processor.ts';

interface UnitOfWork {
  /** Who is given the events of this transaction; see `happened`. */
  readonly processors: readonly Processor[];
  /** Runs once the transaction has committed, and not at all when it is rolled back. Must not throw. */
  afterCommit(effect: () => void): void;
}

/**
 * A transaction that carries its tenant. Every query and every service of the business takes it; nothing but
 * `tenancy.run` makes one, so the tenant comes from the credential and from nowhere else.
 */
export interface Tx extends TenantTransaction, UnitOfWork {}

/** A transaction across tenants: people and their sessions, staff, look-ups before the tenant is known. */
export interface SystemTx extends AcrossTenants, UnitOfWork {}

export interface Tenancy {
  /** One transaction in the name of a tenant; an actor names its tenant. Rolled back when `work` rejects. */
  run<Result>(of: { readonly tenantId: TenantId }, work: (tx: Tx) => Promise<Result>): Promise<Result>;
  /** One transaction across tenants. */
  system<Result>(work: (tx: SystemTx) => Promise<Result>): Promise<Result>;
}

/** The one place where transactions begin. */
export function createTenancy(db: Db, processors: readonly Processor[] = []): Tenancy {
  return {
    run: ({ tenantId }, work) =>
      committing(processors, (unit) =>
        runInTenant(db, tenantId, (transaction) => work(Object.assign(transaction, unit))),
      ),
    system: (work) =>
      committing(processors, (unit) =>
        runAcrossTenants(db, (transaction) => work(Object.assign(transaction, unit))),
      ),
  };
}

async function committing<Result>(
  processors: readonly Processor[],
  transact: (unit: UnitOfWork) => Promise<Result>,
): Promise<Result> {
  const effects: (() => void)[] = [];
  const result = await transact({ processors, afterCommit: (effect) => void effects.push(effect) });
  for (const effect of effects) effect();
  return result;
}
