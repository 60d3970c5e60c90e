import { sql } from 'kysely';
import type { AnyTransaction } from '../platform/data/tx.ts';
import type { TenantId } from '../platform/data/ids.ts';

export interface NewJob {
  readonly tenantId: TenantId;
  readonly job: string;
  readonly data: unknown;
  /** Deduplicates: the same id enqueued twice before it has run is one job. */
  readonly jobId: string;
  /** When the job may run; at once if undefined. */
  readonly dueAt?: Date | undefined;
}

export const outboxChannel = 'parley_outbox';

// Ids are used in paths and in the queue, which does not allow colons.
const jobIdForm = /^[\w.-]+$/;

/** Enqueues a job in the transaction of the change it follows from, so that both are committed or neither. */
export async function enqueue(tx: AnyTransaction, { dueAt, ...job }: NewJob): Promise<void> {
  if (!jobIdForm.test(job.jobId)) throw new Error('A job id is made of letters, digits, dashes and dots.');
  await tx
    .insertInto('outbox')
    .values({ ...job, data: JSON.stringify(job.data), dueAt: dueAt ?? null })
    .onConflict((conflict) => conflict.column('jobId').doNothing())
    .execute();
  await notifyRelays(tx);
}

/**
 * Enqueues the next run of a periodic job. If the last one still waits or runs, nothing is added; a dead letter is
 * replaced.
 */
export async function enqueuePeriodic(
  tx: AnyTransaction,
  { job, data, jobId, dueAt }: Pick<Required<NewJob>, 'job' | 'data' | 'jobId'> & { readonly dueAt: Date },
): Promise<void> {
  const fresh = { job, data: JSON.stringify(data), dueAt };
  await tx
    .insertInto('outbox')
    .values({ tenantId: null, jobId, ...fresh })
    .onConflict((conflict) =>
      conflict
        .column('jobId')
        .doUpdateSet({ ...fresh, attempts: 0, handedAt: null, startedAt: null, deadAt: null, failure: null })
        .where('outbox.deadAt', 'is not', null),
    )
    .execute();
  await notifyRelays(tx);
}

/** Whether the job was cancelled; false if it is running, has run, or is a dead letter. */
export async function cancelJob(tx: AnyTransaction, tenantId: TenantId, jobId: string): Promise<boolean> {
  const cancelled = await tx
    .deleteFrom('outbox')
    .where('tenantId', '=', tenantId)
    .where('jobId', '=', jobId)
    .where('startedAt', 'is', null)
    .where('deadAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return cancelled !== undefined;
}

/** Whether the job now waits for `dueAt`; false if it is running, has run, or is a dead letter. */
export async function rescheduleJob(
  tx: AnyTransaction,
  tenantId: TenantId,
  jobId: string,
  dueAt: Date,
): Promise<boolean> {
  const moved = await tx
    .updateTable('outbox')
    // If it was handed over already, the worker skips it, because only the time in the row counts.
    .set({ dueAt, handedAt: null })
    .where('tenantId', '=', tenantId)
    .where('jobId', '=', jobId)
    .where('startedAt', 'is', null)
    .where('deadAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (moved === undefined) return false;
  await notifyRelays(tx);
  return true;
}

/** PostgreSQL delivers the notification only if the transaction commits. */
export async function notifyRelays(tx: AnyTransaction): Promise<void> {
  await sql`select pg_notify(${outboxChannel}, '')`.execute(tx);
}
