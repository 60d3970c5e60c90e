import type { Db } from '../platform/data/db.ts';
import { runAcrossTenants } from '../platform/data/tx.ts';
import { notifyRelays } from './outbox.ts';

/** A job as it was handed to the queue: for this time and no other. */
export interface HandedJob {
  readonly jobId: string;
  readonly dueAt: Date | null;
}

/**
 * Counts an attempt and begins it. Undefined when there is nothing to do: the job was cancelled, moved to another
 * time, replayed, or has run already.
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

/** The job has run; nothing about it needs to be stored any longer. */
export async function completeJob(db: Db, handed: HandedJob): Promise<void> {
  await runAcrossTenants(db, (tx) =>
    tx
      .deleteFrom('outbox')
      .where('jobId', '=', handed.jobId)
      .where('dueAt', 'is not distinct from', handed.dueAt)
      .execute(),
  );
}

/** Back to wait until `dueAt`, which has to differ from the time it was handed over for. */
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

/** No more attempts: the row stays for a person to look at, and is handed over again only when it is replayed. */
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
