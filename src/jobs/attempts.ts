import type { Db } from '../platform/data/db.ts';
import { runAcrossTenants } from '../platform/data/tx.ts';
import { notifyRelays } from './outbox.ts';

/** A job as it was handed to the queue, with the time it was due. */
export interface HandedJob {
  readonly jobId: string;
  readonly dueAt: Date | null;
}

/**
 * Counts an attempt and begins it. Undefined if there is nothing to do, because the job was cancelled, rescheduled or
 * replayed, or has run already.
 */
export function startAttempt(db: Db, handed: HandedJob, at: Date) {
  return runAcrossTenants(db, (tx) =>
    tx
      .updateTable('outbox')
      .set((row) => ({ attempts: row('attempts', '+', 1), startedAt: at }))
      .where('jobId', '=', handed.jobId)
      .where('dueAt', 'is not distinct from', handed.dueAt)
      .where('deadAt', 'is', null)
      .returning(['attempts', 'data', 'failure'])
      .executeTakeFirst(),
  );
}

/** Deletes the row of a job that has run. */
export async function completeJob(db: Db, handed: HandedJob): Promise<void> {
  await runAcrossTenants(db, (tx) =>
    tx
      .deleteFrom('outbox')
      .where('jobId', '=', handed.jobId)
      .where('dueAt', 'is not distinct from', handed.dueAt)
      .execute(),
  );
}

/** Schedules the next attempt for `dueAt`, which must differ from the time the job was handed over for. */
export async function retryJob(
  db: Db,
  handed: HandedJob,
  { dueAt, failure }: { readonly dueAt: Date; readonly failure: string | null },
): Promise<void> {
  await runAcrossTenants(db, async (tx) => {
    await tx
      .updateTable('outbox')
      .set({ dueAt, handedAt: null, startedAt: null, failure })
      .where('jobId', '=', handed.jobId)
      .where('dueAt', 'is not distinct from', handed.dueAt)
      .where('deadAt', 'is', null)
      .execute();
    await notifyRelays(tx);
  });
}

/** Makes the job a dead letter: the row stays for a person, and is handed over again only when replayed. */
export async function deadLetterJob(
  db: Db,
  handed: HandedJob,
  { at, failure }: { readonly at: Date; readonly failure: string },
): Promise<void> {
  await runAcrossTenants(db, (tx) =>
    tx
      .updateTable('outbox')
      .set({ deadAt: at, startedAt: null, failure })
      .where('jobId', '=', handed.jobId)
      .where('dueAt', 'is not distinct from', handed.dueAt)
      .execute(),
  );
}
