import { z } from 'zod';
import { declareJob, type JobContext } from '../../../../jobs/job.ts';
import { type Db, withTenant } from '../../../../platform/data/db.ts';
import type { TenantId } from '../../../../platform/data/ids.ts';
import type { Storage } from '../../../../platform/data/storage.ts';
import type { Clock } from '../../../../platform/process/clock.ts';
import type { AgentId } from '../../../tenancy/references/ids.ts';
import * as queries from './expired-recording-queries.ts';

export interface ExpiredRecordingsDependencies {
  readonly storage: Pick<Storage, 'remove'>;
  readonly clock: Clock;
  /** How long recordings are stored is said by the agent; those of agents that limit it, of all tenants. */
  readonly listRetentions: (db: Db) => Promise<readonly Retention[]>;
}

interface Retention {
  readonly tenantId: TenantId;
  readonly agentId: AgentId;
  readonly keepDays: number;
}

const batchSize = 100;
const dayMs = 24 * 3_600_000;

/** Deletes the audio of calls that is older than their agent allows. The calls themselves stay. */
export function deleteExpiredRecordingsJob(dependencies: ExpiredRecordingsDependencies) {
  return declareJob({
    name: 'delete-expired-recordings',
    schema: z.object({}),
    async run(_data, context) {
      const failures: unknown[] = [];
      for (const retention of await dependencies.listRetentions(context.db)) {
        if (context.signal.aborted) return;
        // What fails for one agent does not keep the audio of the others.
        await deleteExpired(dependencies, context, retention).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Some recordings could not be deleted.');
    },
  });
}

async function deleteExpired(
  { storage, clock }: ExpiredRecordingsDependencies,
  { db, signal }: JobContext,
  { tenantId, agentId, keepDays }: Retention,
): Promise<void> {
  const before = new Date(clock.date().getTime() - keepDays * dayMs);
  for (let isMore = true; isMore && !signal.aborted;) {
    const expired = await withTenant(db, tenantId, (tx) =>
      queries.listExpired(tx, tenantId, { agentId, before, limit: batchSize }),
    );
    // The audio first: what fails in between is found again.
    for (const { recordingKey } of expired) await storage.remove(recordingKey);
    const ids = expired.map(({ id }) => id);
    await withTenant(db, tenantId, (tx) => queries.forgetRecordings(tx, tenantId, ids));
    isMore = expired.length === batchSize;
  }
}
