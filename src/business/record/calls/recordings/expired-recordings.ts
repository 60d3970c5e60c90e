import { z } from 'zod';
import { declareJob } from '../../../../jobs/jobs.ts';
import type { TenantId } from '../../../../platform/data/ids.ts';
import { matching } from '../../../../platform/data/matching.ts';
import type { Storage } from '../../../../platform/data/storage.ts';
import type { Clock } from '../../../../platform/process/clock.ts';
import type { AgentId, CallId } from '../../../tenancy/ids/ids.ts';
import type { SystemTx, Tenancy, Tx } from '../../../tenancy/tenancy.ts';

export interface ExpiredRecordingsDependencies {
  readonly tenancy: Tenancy;
  readonly storage: Pick<Storage, 'remove'>;
  readonly clock: Clock;
  /** The agent says how long recordings are stored; those of agents that limit it, of all tenants. */
  readonly listRetentions: (tx: SystemTx) => Promise<readonly Retention[]>;
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
  const { tenancy, listRetentions } = dependencies;
  return declareJob({
    name: 'delete-expired-recordings',
    schema: z.object({}),
    async run(_data, { signal }) {
      const failures: unknown[] = [];
      for (const retention of await tenancy.system(listRetentions)) {
        if (signal.aborted) return;
        // A failure for one agent does not stop the deletion for the others.
        await deleteExpired(dependencies, retention, signal).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'Some recordings could not be deleted.');
    },
  });
}

async function deleteExpired(
  { tenancy, storage, clock }: ExpiredRecordingsDependencies,
  { tenantId, agentId, keepDays }: Retention,
  signal: AbortSignal,
): Promise<void> {
  const before = new Date(clock.date().getTime() - keepDays * dayMs);
  for (let isMore = true; isMore && !signal.aborted;) {
    const expired = await tenancy.run({ tenantId }, (tx) => listExpired(tx, agentId, before));
    // The audio is removed first: where the rows were not updated, the next run finds them again.
    for (const { recordingKey } of expired) await storage.remove(recordingKey);
    const ids = expired.map(({ id }) => id);
    await tenancy.run({ tenantId }, (tx) => clearRecordings(tx, ids));
    isMore = expired.length === batchSize;
  }
}

function listExpired(
  tx: Tx,
  agentId: AgentId,
  before: Date,
): Promise<{ readonly id: CallId; readonly recordingKey: string }[]> {
  return tx
    .selectFrom('call')
    .select(['id', 'recordingKey'])
    .where(matching('call', { tenantId: tx.tenantId, agentId, startedAt: { before } }))
    .where('recordingKey', 'is not', null)
    .limit(batchSize)
    .$narrowType<{ recordingKey: string }>()
    .execute();
}

async function clearRecordings(tx: Tx, ids: readonly CallId[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('call')
    .set({ recordingKey: null, recordingDurationMs: null, recordingSizeBytes: null })
    .where(matching('call', { tenantId: tx.tenantId, id: ids }))
    .execute();
}
