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
import { type OpenDatabase, surviveBrokenConnections } from '../platform/data/db.ts';

/** Work for later, on Redis where there is one, else in the database. Everything runs at least once. */
export interface JobQueue extends AsyncDisposable {
  /** The same id again, while the job waits or runs, adds nothing. */
  add(job: NewJob): Promise<void>;
  /** Starts to run jobs here; disposing waits for those running and takes no more. */
  work(run: (job: QueuedJob) => Promise<void>, options: { readonly concurrency: number }): AsyncDisposable;
}

interface NewJob {
  readonly name: string;
  readonly data: unknown;
  /** No colons, and not a bare number: the queue refuses both. */
  readonly id: string;
}

export interface QueuedJob extends NewJob {
  /** From 1. */
  readonly attempt: number;
  readonly isLastAttempt: boolean;
}

export interface QueueOptions {
  /** Undefined keeps the jobs in the database. */
  readonly redisUrl: string | undefined;
  /** Undefined where the database is the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly database: OpenDatabase;
  readonly logger: Logger;
  /** One queue per fleet; tests take their own. */
  readonly name?: string;
  /** The wait before the second attempt, doubled for each one after it. */
  readonly retryAfterMs?: number;
}

const attempts = 5;

/** What the two kinds of store have in common, as far as it is used here. */
interface Store {
  readonly queue: {
    add(name: string, data: unknown, options: object): Promise<unknown>;
    close(): Promise<void>;
    on(event: 'error', listener: (error: Error) => void): unknown;
  };
  /** Whether the store is there to be asked; waiting until it is would hold up whoever asks. */
  isReady(): boolean;
  createWorker(
    processor: (job: Job<unknown>) => Promise<void>,
    concurrency: number,
  ): { close(force?: boolean): Promise<void>; on(event: 'error', listener: (error: Error) => void): unknown };
  close(): Promise<void>;
}

export async function openQueue(options: QueueOptions): Promise<JobQueue> {
  const name = options.name ?? 'parley';
  const report = onceInAWhile((error: Error) =>
    options.logger.warn({ err: error }, 'job queue out of reach'),
  );
  const { redisUrl } = options;
  const store =
    redisUrl === undefined ? await databaseStore(name, options, report) : redisStore(name, redisUrl, report);
  store.queue.on('error', report);

  return {
    async add(job) {
      if (!store.isReady()) throw new Error('The job queue is out of reach.');
      await store.queue.add(job.name, job.data, {
        jobId: job.id,
        attempts,
        backoff: { type: 'exponential', delay: options.retryAfterMs ?? 2_000 },
        // A finished id must be free again: the outbox, not the queue, remembers what is done or dead.
        removeOnComplete: true,
        removeOnFail: true,
      });
    },
    work(run, { concurrency }) {
      const worker = store.createWorker((job) => run(fromBull(job)), concurrency);
      // Without a listener an error of the connection ends the process.
      worker.on('error', report);
      // A store that is away cannot be told goodbye; what runs here is then found stalled, and run again.
      return { [Symbol.asyncDispose]: () => worker.close(!store.isReady()) };
    },
    async [Symbol.asyncDispose]() {
      await store.queue.close();
      await store.close();
    },
  };
}

function redisStore(name: string, url: string, report: (error: Error) => void): Store {
  // Adding fails at once while Redis is away; the outbox keeps the job and offers it again.
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
  redis.on('error', report);
  return {
    queue: new Queue(name, { connection: redis }),
    isReady: () => redis.status === 'ready',
    createWorker: (processor, concurrency) =>
      new Worker(name, processor, { connection: { url, maxRetriesPerRequest: null }, concurrency }),
    close: () => Promise.resolve(redis.disconnect()),
  };
}

/** BullMQ's own tables, in their schema; its queries name them bare, so the search path has to lead there. */
async function databaseStore(
  name: string,
  options: QueueOptions,
  report: (error: Error) => void,
): Promise<Store> {
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
    queue: new bound.Queue(name, { connection }),
    isReady: () => true,
    createWorker: (processor, concurrency) =>
      new bound.Worker<unknown, void>(name, processor, { connection, concurrency }),
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

function fromBull(job: Job<unknown>): QueuedJob {
  return {
    name: job.name,
    data: job.data,
    id: job.id ?? '',
    attempt: job.attemptsMade + 1,
    isLastAttempt: job.attemptsMade + 1 >= attempts,
  };
}

/** A store that is away is reported by every client at every try; one line in ten seconds says as much. */
function onceInAWhile(report: (error: Error) => void): (error: Error) => void {
  let reportedAtMs = -Infinity;
  return (error) => {
    const nowMs = performance.now();
    if (nowMs - reportedAtMs < 10_000) return;
    reportedAtMs = nowMs;
    report(error);
  };
}
