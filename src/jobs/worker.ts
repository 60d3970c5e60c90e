import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Db } from '../platform/data/db.ts';
import type { JobDeclaration } from './job.ts';
import { buryJob, forgetJob } from './outbox.ts';
import type { JobQueue, QueuedJob } from './queue.ts';

export interface WorkerDependencies {
  readonly queue: JobQueue;
  readonly db: Db;
  readonly logger: Logger;
  readonly jobs: readonly JobDeclaration[];
  readonly concurrency?: number;
}

/**
 * Runs promised jobs until disposed of. A job that fails is tried again with growing pauses; after the last attempt,
 * or at once when it is nothing this server knows how to run, it is laid aside in the outbox for a person to see.
 */
export function startWorker(dependencies: WorkerDependencies): AsyncDisposable {
  const jobsByName = new Map(dependencies.jobs.map((job) => [job.name, job]));
  return dependencies.queue.work((queued) => runJob(queued, jobsByName.get(queued.name), dependencies), {
    concurrency: dependencies.concurrency ?? 4,
  });
}

async function runJob(
  queued: QueuedJob,
  job: JobDeclaration | undefined,
  { db, logger: parent }: WorkerDependencies,
): Promise<void> {
  const logger = parent.child({ job: queued.name, jobId: queued.id });
  if (job === undefined) return layAside(queued, new Error('There is no job of this name.'), db, logger);
  const parsed = job.schema.safeParse(queued.data);
  if (!parsed.success) return layAside(queued, parsed.error, db, logger);
  try {
    await job.run(parsed.data, { db, logger });
  } catch (error) {
    if (queued.isLastAttempt) await layAside(queued, error, db, logger);
    else logger.warn({ err: error, attempt: queued.attempt }, 'job failed, will be tried again');
    throw error;
  }
  await forgetJob(db, queued.id);
}

async function layAside(queued: QueuedJob, cause: unknown, db: Db, logger: Logger): Promise<void> {
  const failure = cause instanceof Error ? cause.message : String(cause);
  // The payload may hold what does not belong in a log; its hash tells two poisoned jobs from one.
  const payloadHash = createHash('sha256').update(JSON.stringify(queued.data)).digest('hex').slice(0, 16);
  logger.error({ err: cause, attempt: queued.attempt, payloadHash }, 'job given up');
  await buryJob(db, queued.id, failure);
}
