import type { PersonalDataCipher } from '../../platform/crypto/personal-data.ts';
import type { Db } from '../../platform/data/db.ts';
import { runAcrossTenants, runInTenant } from '../../platform/data/tx.ts';
import { dispatch, type Processor, type SystemTx, type Tenancy, type Tx } from './events/events.ts';

export type { SystemTx, Tenancy, Tx } from './events/events.ts';

/** Begins all transactions of the business; each carries the cipher and passes its events to `processors`. */
export function createTenancy(
  db: Db,
  cipher: PersonalDataCipher,
  processors: readonly Processor[] = [],
): Tenancy {
  return {
    run: ({ tenantId }, work) =>
      committing((afterCommit) =>
        runInTenant(db, tenantId, (transaction) => {
          const tx: Tx = Object.assign(transaction, {
            cipher,
            afterCommit,
            dispatch: (event: Parameters<Tx['dispatch']>[0]) => dispatch(processors, tx, event),
          });
          return work(tx);
        }),
      ),
    system: (work) =>
      committing((afterCommit) =>
        runAcrossTenants(db, (transaction) => {
          const tx: SystemTx = Object.assign(transaction, {
            cipher,
            afterCommit,
            dispatch: (event: Parameters<SystemTx['dispatch']>[0]) => dispatch(processors, tx, event),
          });
          return work(tx);
        }),
      ),
  };
}

async function committing<Result>(
  transact: (afterCommit: (effect: () => void) => void) => Promise<Result>,
): Promise<Result> {
  const effects: (() => void)[] = [];
  const result = await transact((effect) => void effects.push(effect));
  for (const effect of effects) effect();
  return result;
}
