import {
  createPostgresBackend,
  type Job,
  type PgPool,
  Queue,
  runMigrations,
  Worker,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import { z } from 'zod';
import { throttle } from '../platform/process/throttle.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { HandedJob } from './attempts.ts';
import { type OpenDatabase, surviveBrokenConnections } from '../platform/data/db.ts';

/** Distributes jobs from the outbox to workers; on Redis if there is one, else in the database. */
export interface JobQueue extends AsyncDisposable {
  /** Idempotent: adds nothing if the same job for the same time waits or runs. */
  add(job: QueuedJob): Promise<void>;
  /** Starts to run jobs in this process; disposing takes no further jobs and waits for those that run. */
  work(run: (job: QueuedJob) => Promise<void>, slots: WorkerSlots): AsyncDisposable;
}

export interface QueuedJob extends HandedJob {
  readonly name: string;
}

export interface WorkerSlots {
  readonly concurrency: number;
  /** The job with a queue of its own; undefined for all other jobs. */
  readonly job?: string;
}

export interface QueueOptions {
  /** Undefined keeps the jobs in the database. */
  readonly redisUrl: string | undefined;
  /** Undefined for the embedded database. */
  readonly databaseUrl: string | undefined;
  readonly database: OpenDatabase;
  readonly logger: Logger;
  readonly clock: Clock;
  /** Names of the jobs with a queue of their own. */
  readonly ownQueues?: ReadonlySet<string>;
  /** One name for all processes of a deployment; tests use their own. */
  readonly name?: string;
  /** How long after the crash of its process a job is given to another one. Shortened in tests. */
  readonly stalledAfterMs?: number;
}

/** The common interface of the two stores. */
interface Store {
  openQueue(name: string): BullQueue;
  /** Whether the store is available; waiting for it would block the caller. */
  isReady(): boolean;
  createWorker(
    name: string,
    processor: (job: Job<unknown>) => Promise<void>,
    options: WorkerOptions,
  ): { close(force?: boolean): Promise<void>; on(event: 'error', listener: (error: Error) => void): unknown };
  close(): Promise<void>;
}

interface WorkerOptions {
  readonly concurrency: number;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
}

/** More than the attempts of a job, which the outbox counts, so that the queue does not drop a job earlier. */
const maxStalledCount = 10;

interface BullQueue {
  add(name: string, data: unknown, options: object): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * Retries of the queue itself, while the outbox, which counts attempts and schedules retries, cannot be read or
 * written. After the last of them the relay hands the job over again.
 */
const queueRetries = { attempts: 5, backoff: { type: 'exponential', delay: 2_000 } };

export async function openQueue(options: QueueOptions): Promise<JobQueue> {
  const { name = 'parley', ownQueues = new Set(), stalledAfterMs = 30_000 } = options;
  const report = throttle(10_000, options.clock, (error: Error) =>
    options.logger.warn({ err: error }, 'job queue unavailable'),
  );
  const { redisUrl } = options;
  const store = redisUrl === undefined ? await databaseStore(options, report) : redisStore(redisUrl, report);
  const queueOf = (job?: string): string => (job === undefined ? name : `${name}-${job}`);
  const queues = new Map(
    [undefined, ...ownQueues].map((job) => {
      const queue = store.openQueue(queueOf(job));
      queue.on('error', report);
      return [job, queue];
    }),
  );

  return {
    async add(job) {
      if (!store.isReady()) throw new Error('The job queue is unavailable.');
      const queue = queues.get(job.name) ?? queues.get(undefined)!;
      await queue.add(job.name, toBull(job), {
        ...queueRetries,
        jobId: bullId(job),
        // A finished id must be available again, because the state of jobs is in the outbox and not in the queue.
        removeOnComplete: true,
        removeOnFail: true,
      });
    },
    work(run, { concurrency, job }) {
      const worker = store.createWorker(queueOf(job), (taken) => run(fromBull(taken)), {
        concurrency,
        lockDuration: stalledAfterMs,
        stalledInterval: stalledAfterMs,
        maxStalledCount,
      });
      // Without a listener an error of the connection ends the process.
      worker.on('error', report);
      // If the store is unavailable the worker is closed by force; what runs here is then found stalled, and run again.
      return { [Symbol.asyncDispose]: () => worker.close(!store.isReady()) };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await store.close();
    },
  };
}

const bullData = z.object({ jobId: z.string(), dueAt: z.iso.datetime().nullable() });

/** The data of a job stays in the database, under row-level security; the queue has its id and time only. */
function toBull({ jobId, dueAt }: QueuedJob): z.input<typeof bullData> {
  return { jobId, dueAt: dueAt?.toISOString() ?? null };
}

/** The id includes the time, because the queue may still have a retried or rescheduled job under its last time. */
function bullId({ jobId, dueAt }: QueuedJob): string {
  return `${jobId}-${dueAt?.getTime() ?? 'now'}`;
}

function fromBull({ name, data }: Job<unknown>): QueuedJob {
  const { jobId, dueAt } = bullData.parse(data);
  return { name, jobId, dueAt: dueAt === null ? null : new Date(dueAt) };
}

function redisStore(url: string, report: (error: Error) => void): Store {
  // While Redis is unavailable `add` fails at once; the outbox keeps the job and retries.
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  redis.on('error', report);
  return {
    openQueue: (name) => new Queue(name, { connection: redis }),
    isReady: () => redis.status === 'ready',
    createWorker: (name, processor, workerOptions) =>
      new Worker(name, processor, { ...workerOptions, connection: { url, maxRetriesPerRequest: null } }),
    close: () => Promise.resolve(redis.disconnect()),
  };
}

/**
 * BullMQ's tables are in a schema of their own. Its queries do not qualify them, so the search path must include it.
 */
async function databaseStore(options: QueueOptions, report: (error: Error) => void): Promise<Store> {
  const { pool, close } = await queuePool(options, report);
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  const bound = withBackend(createPostgresBackend);
  const connection = pool as unknown as PgPool; // has fewer overloads than pg's type
  return {
    openQueue: (name) => new bound.Queue(name, { connection }),
    isReady: () => true,
    createWorker: (name, processor, workerOptions) =>
      new bound.Worker<unknown, void>(name, processor, { ...workerOptions, connection }),
    close,
  };
}

async function queuePool(
  options: QueueOptions,
  report: (error: Error) => void,
): Promise<{ pool: Pool; close: () => Promise<void> }> {
  const { database, databaseUrl } = options;
  if (database.kind === 'embedded' || databaseUrl === undefined) {
    // Set for the only session, outside a transaction, so that no rollback undoes it.
    await database.pool.query('set search_path to public, bullmq');
    return { pool: database.pool, close: () => Promise.resolve() };
  }
  // A separate pool, because connections that wait for jobs must not be missing from the REST API's pool.
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'parley jobs',
    max: 5,
    keepAlive: true,
    connectionTimeoutMillis: 10_000,
    options: '-c search_path=bullmq',
  });
  surviveBrokenConnections(pool, report);
  return { pool, close: () => pool.end() };
}
