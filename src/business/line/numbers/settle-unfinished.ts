import { z } from 'zod';
import { declareJob } from '../../../jobs/job.ts';
import { withSystem, withTenant } from '../../../platform/data/db.ts';
import * as queries from './number-queries.ts';
import { type SettleDependencies, settleNumber } from './settle-number.ts';

const batchSize = 20;

/**
 * Finishes what was begun with the carrier and not brought to its end: the process was killed between the order and
 * its confirmation, or the carrier could not be reached. Each number is claimed before it is settled, and waits
 * longer after each attempt.
 */
export function settleNumbersJob(dependencies: Omit<SettleDependencies, 'db'>) {
  return declareJob({
    name: 'settle-numbers',
    schema: z.object({}),
    async run(_data, { db, logger, signal }) {
      const open = await withSystem(db, (tx) => queries.listUnsettled(tx, batchSize));
      for (const { tenantId, id } of open) {
        if (signal.aborted) return;
        const claimed = await withTenant(db, tenantId, (tx) => queries.claimUnsettled(tx, tenantId, id));
        if (claimed === undefined) continue;
        await settleNumber({ db, ...dependencies }, tenantId, claimed).catch((error: unknown) =>
          logger.warn(
            { err: error, numberId: id },
            'number order still not settled with carrier; will retry',
          ),
        );
      }
    },
  });
}
