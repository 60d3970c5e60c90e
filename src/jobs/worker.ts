import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Counter } from 'prom-client';
import type { Db } from '../platform/data/db.ts';
import { throttle } from '../platform/process/throttle.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Metrics } from '../platform/process/metrics.ts';
import { completeJob, deadLetterJob, retryJob, startAttempt } from './attempts.ts';
import type { JobContext, JobDeclaration } from './job.ts';
import type { JobQueue, QueuedJob } from './queue.ts';

export interface WorkerDependencies {
  readonly queue: JobQueue;
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly jobs: readonly JobDeclaration[];
  readonly concurrency?: number;
  /** The wait before the second attempt, doubled for each one after it. */
  readonly retryAfterMs?: number;
}

const maxAttempts = 5;
const defaultRetryAfterMs = 2_000;
/** Delay of a job that this node does not know: during a deploy a newer node may know it. */
const unknownAgainAfterMs = 60_000;
const endedItsProcess = 'Each attempt ended the process that made it.';

/**
 * Runs jobs until disposed of. A failed job is retried with exponential backoff; after the last attempt it is a dead
 * letter in the outbox, for a person to replay or discard. Attempts are counted before the work begins, so a job that
 * crashes its process each time becomes one too.
 */
export function startWorker(dependencies: WorkerDependencies): AsyncDisposable {
  const { queue, jobs, concurrency = 4 } = dependencies;
  const worker = new Worker(dependencies);
  const run = (queued: QueuedJob): Promise<void> => worker.run(queued);
  const workers = [
    queue.work(run, { concurrency }),
    ...jobs.flatMap(({ name, maxAtOnce }) =>
      maxAtOnce === undefined ? [] : queue.work(run, { concurrency: maxAtOnce, job: name }),
    ),
  ];
  return {
    async [Symbol.asyncDispose]() {
      worker.stop();
      await Promise.all(workers.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

/** Names of the jobs with a queue of their own. */
export function jobsWithOwnQueue(jobs: readonly JobDeclaration[]): ReadonlySet<string> {
  return new Set(jobs.filter(({ maxAtOnce }) => maxAtOnce !== undefined).map(({ name }) => name));
}

class Worker {
  readonly #dependencies: WorkerDependencies;
  readonly #jobs: ReadonlyMap<string, JobDeclaration>;
  readonly #stopping = new AbortController();
  readonly #reportUnknown: (job: string) => void;
  readonly #failed: Counter<'job'>;
  readonly #deadLettered: Counter<'job'>;

  constructor(dependencies: WorkerDependencies) {
    const { jobs, clock, logger, metrics } = dependencies;
    this.#dependencies = dependencies;
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    this.#reportUnknown = throttle(10 * 60_000, clock, (job: string) =>
      logger.warn({ job }, 'unknown job; left for a node that knows it'),
    );
    this.#failed = metrics.counter('parley_job_failures_total', 'Attempts at jobs that failed.', ['job']);
    this.#deadLettered = metrics.counter(
      'parley_jobs_dead_lettered_total',
      'Jobs that have failed for good.',
      ['job'],
    );
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Rejects only if the outbox cannot be read or written. */
  async run(queued: QueuedJob): Promise<void> {
    const job = this.#jobs.get(queued.name);
    if (job === undefined) return this.#leave(queued);
    const { db, clock } = this.#dependencies;
    const logger = this.#dependencies.logger.child({ job: queued.name, jobId: queued.jobId });
    const started = await startAttempt(db, queued, clock.date());
    if (started === undefined) {
      logger.debug('job was cancelled, moved or replaced; skipped');
      return;
    }
    const { attempts: attempt, data } = started;
    const context = { logger, attempt, signal: this.#stopping.signal };
    const attempted = { queued, job, data, context };
    if (attempt > maxAttempts) return this.#deadLetter(attempted, started.failure ?? endedItsProcess);
    try {
      await job.run(job.schema.parse(data), context);
    } catch (error) {
      this.#failed.inc({ job: job.name });
      return attempt === maxAttempts ? this.#deadLetter(attempted, error) : this.#retry(attempted, error);
    }
    await completeJob(db, queued);
  }

  async #leave(queued: QueuedJob): Promise<void> {
    this.#reportUnknown(queued.name);
    const { db } = this.#dependencies;
    await retryJob(db, queued, { dueAt: this.#later(queued, unknownAgainAfterMs), failure: null });
  }

  async #retry({ queued, context }: AttemptedJob, error: unknown): Promise<void> {
    const { db, retryAfterMs = defaultRetryAfterMs } = this.#dependencies;
    const { logger, attempt } = context;
    logger.warn({ err: error, attempt }, 'job failed; will retry');
    const dueAt = this.#later(queued, retryAfterMs * 2 ** (attempt - 1));
    await retryJob(db, queued, { dueAt, failure: messageOf(error) });
  }

  async #deadLetter({ queued, job, data, context }: AttemptedJob, cause: unknown): Promise<void> {
    const { db, clock } = this.#dependencies;
    // The payload may be personal and is not logged; its hash shows whether several failures have the same one.
    const payloadHash = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16);
    const { logger, attempt } = context;
    logger.error({ err: cause, attempt, payloadHash }, 'job dead-lettered');
    this.#deadLettered.inc({ job: job.name });
    const parsed = job.schema.safeParse(data);
    if (parsed.success) {
      // A failure here must not cause a retry of the job itself.
      await job
        .onDeadLetter?.(parsed.data, context)
        .catch((error: unknown) => logger.error({ err: error }, 'dead-letter handler failed'));
    }
    await deadLetterJob(db, queued, { at: clock.date(), failure: messageOf(cause) });
  }

  /**
   * Always differs from the time the job was handed over for, whatever the clocks, because the time identifies an
   * attempt.
   */
  #later({ dueAt }: QueuedJob, delayMs: number): Date {
    const atMs = this.#dependencies.clock.date().getTime() + delayMs;
    return new Date(Math.max(atMs, (dueAt?.getTime() ?? 0) + 1));
  }
}

interface AttemptedJob {
  readonly queued: QueuedJob;
  readonly job: JobDeclaration;
  readonly data: unknown;
  readonly context: JobContext;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
