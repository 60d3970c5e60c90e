import { sql } from 'kysely';
import { z } from 'zod';
import { declareJob } from '../../../jobs/jobs.ts';
import { systemActor } from '../../tenancy/actor/actor.ts';
import type { PhoneNumberId } from '../../tenancy/ids/ids.ts';
import type { SystemTx, Tx } from '../../tenancy/tenancy.ts';
import { type NumberStatus, type PhoneNumberRow, phoneNumberTable } from './phone-number-table.ts';
import { type SettleDependencies, settleNumber } from './settle-number.ts';

const JOB = 'settle-numbers';
const batchSize = 20;

/**
 * Completes orders and releases that were begun at the carrier and left open: the process was killed between the order and
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

/** The first attempt has a minute; each further one waits twice as long, up to an hour. */
const isUnattended = sql<boolean>`attempted_at < now() - least(interval '30 seconds' * power(2, least(attempts, 7)), interval '1 hour')`;

/** Across tenants: numbers whose order or release no process is settling just now. */
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

/** Claims it for one of all processes that see it unattended. An attempt does not change the number's version. */
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
