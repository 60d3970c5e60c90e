import { sql } from 'kysely';
import { z } from 'zod';
import { declareJob } from '../../../jobs/job.ts';
import { systemActor } from '../../tenancy/access/actor.ts';
import type { PhoneNumberId } from '../../tenancy/references/ids.ts';
import type { SystemTx, Tx } from '../../tenancy/tenancy.ts';
import { type NumberStatus, type PhoneNumberRow, phoneNumberTable } from './phone-number-table.ts';
import { type SettleDependencies, settleNumber } from './settle-number.ts';

const JOB = 'settle-numbers';
const batchSize = 20;

/**
 * Finishes what was begun with the carrier and not brought to its end: the process was killed between the order and
 * its confirmation, or the carrier could not be reached. Each number is claimed before it is settled, and waits
 * longer after each attempt.
 */
export function settleNumbersJob(dependencies: SettleDependencies) {
  const { tenancy } = dependencies;
  return declareJob({
    name: JOB,
    schema: z.object({}),
    async run(_data, { logger, signal }) {
      const open = await tenancy.system(listUnsettled);
      for (const { tenantId, id } of open) {
        if (signal.aborted) return;
        const actor = systemActor(tenantId, JOB);
        const claimed = await tenancy.run(actor, (tx) => claimUnsettled(tx, id));
        if (claimed === undefined) continue;
        await settleNumber(dependencies, actor, claimed).catch((error: unknown) =>
          logger.warn(
            { err: error, numberId: id },
            'number order still not settled with carrier; will retry',
          ),
        );
      }
    },
  });
}

const unsettled: readonly NumberStatus[] = ['ordering', 'releasing'];

/** Whoever began has had its time, and each further attempt waits longer, up to an hour. */
const isUnattended = sql<boolean>`attempted_at < now() - least(interval '30 seconds' * power(2, least(attempts, 7)), interval '1 hour')`;

/** Across tenants: numbers whose business with the carrier nobody is settling just now. */
function listUnsettled(tx: SystemTx) {
  return tx
    .selectFrom('phoneNumber')
    .select(['tenantId', 'id'])
    .where('status', 'in', unsettled)
    .where(isUnattended)
    .orderBy('attemptedAt')
    .limit(batchSize)
    .execute();
}

/** Takes the business on, for one of all who see it unattended. An attempt is no change of the number. */
function claimUnsettled(tx: Tx, id: PhoneNumberId): Promise<PhoneNumberRow | undefined> {
  return tx
    .updateTable('phoneNumber')
    .set({ attemptedAt: sql<Date>`now()`, attempts: sql<number>`attempts + 1` })
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', id)
    .where('status', 'in', unsettled)
    .where(isUnattended)
    .returning(phoneNumberTable.columns)
    .executeTakeFirst();
}
