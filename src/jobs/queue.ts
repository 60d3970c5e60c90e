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
import { atMostEvery } from '../platform/process/at-most-every.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { HandedJob } from './attempts.ts';
import { type OpenDatabase, surviveBrokenConnections } from '../platform/data/db.ts';

/** Carries jobs from the outbox to whoever has a place free, on Redis where there is one, else in the database. */
export interface JobQueue extends AsyncDisposable {
  /** The same job for the same time again, while it waits or runs, adds nothing. */
  add(job: QueuedJob): Promise<void>;
  /** Starts to run jobs here; disposing waits for those running and takes no more. */
  work(run: (job: QueuedJob) => Promise<void>, places: Places): AsyncDisposable;
}

export interface QueuedJob extends HandedJob {
  readonly name: string;
}

export interface Places {
  readonly concurrency: number;
  /** The job that these are for alone; without it, for every job that has none of its own. */
  readonly job?: string;
}

export interface QueueOptions {
  /** Undefined keeps the jobs in the database. */
  readonly redisUrl: string | undefined;
  /** Undefined where the database is the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly database: OpenDatabase;
  readonly logger: Logger;
  readonly clock: Clock;
  /** The jobs that have places of their own. */
  readonly withOwnPlaces?: ReadonlySet<string>;
  /** One queue per fleet; tests take their own. */
  readonly name?: string;
  /** After which a job whose process has ended is given to another; tests shorten it, nothing else does. */
  readonly stalledAfterMs?: number;
}

/** What the two kinds of store have in common, as far as it is used here. */
interface Store {
  openQueue(name: string): BullQueue;
  /** Whether the store is there to be asked; waiting until it is would hold up whoever asks. */
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

/** More than a job has attempts: the outbox counts those, and the queue must not give a job up before. */
const maxStalledCount = 10;

interface BullQueue {
  add(name: string, data: unknown, options: object): Promise<unknown>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * The outbox counts attempts and decides when a job is tried again. These are for the case that it cannot be asked
 * at the start of a job or told of its end; after the last of them it hands the job over once more by itself.
 */
const whileDatabaseIsAway = { attempts: 5, backoff: { type: 'exponential', delay: 2_000 } };

export async function openQueue(options: QueueOptions): Promise<JobQueue> {
  const { name = 'parley', withOwnPlaces = new Set(), stalledAfterMs = 30_000 } = options;
  const report = atMostEvery(10_000, options.clock, (error: Error) =>
    options.logger.warn({ err: error }, 'job queue unavailable'),
  );
  const { redisUrl } = options;
  const store = redisUrl === undefined ? await databaseStore(options, report) : redisStore(redisUrl, report);
  const queueOf = (job?: string): string => (job === undefined ? name : `${name}-${job}`);
  const queues = new Map(
    [undefined, ...withOwnPlaces].map((job) => {
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
        ...whileDatabaseIsAway,
        jobId: bullId(job),
        // A finished id must be free again: the outbox, not the queue, remembers what is done or dead.
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
      // A store that is away cannot be told goodbye; what runs here is then found stalled, and run again.
      return { [Symbol.asyncDispose]: () => worker.close(!store.isReady()) };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...queues.values()].map((queue) => queue.close()));
      await store.close();
    },
  };
}

const bullData = z.object({ jobId: z.string(), dueAt: z.iso.datetime().nullable() });

/** What a job works on stays in the database, under its wall; the queue knows which one is due. */
function toBull({ jobId, dueAt }: QueuedJob): z.input<typeof bullData> {
  return { jobId, dueAt: dueAt?.toISOString() ?? null };
}

/** Tried again, or moved to another time, a job is another one to the queue, which may still have it for the last. */
function bullId({ jobId, dueAt }: QueuedJob): string {
  return `${jobId}-${dueAt?.getTime() ?? 'now'}`;
}

function fromBull({ name, data }: Job<unknown>): QueuedJob {
  const { jobId, dueAt } = bullData.parse(data);
  return { name, jobId, dueAt: dueAt === null ? null : new Date(dueAt) };
}

function redisStore(url: string, report: (error: Error) => void): Store {
  // Adding fails at once while Redis is away; the outbox keeps the job and offers it again.
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  redis.on('error', report);
  return {
    openQueue: (name) => new Queue(name, { connection: redis }),
    isReady: () => redis.status === 'ready',
    createWorker: (name, processor, places) =>
      new Worker(name, processor, { ...places, connection: { url, maxRetriesPerRequest: null } }),
    close: () => Promise.resolve(redis.disconnect()),
  };
}

/** BullMQ's own tables, in their schema; its queries name them bare, so the search path has to lead there. */
async function databaseStore(options: QueueOptions, report: (error: Error) => void): Promise<Store> {
  const { pool, close } = await queuePool(options, report);
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  const bound = withBackend(createPostgresBackend);
  const connection = pool as unknown as PgPool; // narrower overloads than pg's own, the same calls
  return {
    openQueue: (name) => new bound.Queue(name, { connection }),
    isReady: () => true,
    createWorker: (name, processor, places) =>
      new bound.Worker<unknown, void>(name, processor, { ...places, connection }),
    close,
  };
}

async function queuePool(
  options: QueueOptions,
  report: (error: Error) => void,
): Promise<{ pool: Pool; close: () => Promise<void> }> {
  const { database, databaseUrl } = options;
  if (database.kind === 'embedded' || databaseUrl === undefined) {
    // One session for everything, and outside a transaction, so that no rollback takes it back.
    await database.pool.query('set search_path to public, bullmq');
    return { pool: database.pool, close: () => Promise.resolve() };
  }
  // Connections of its own: waiting for jobs must not use up those of the REST API.
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
