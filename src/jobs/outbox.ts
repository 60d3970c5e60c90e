import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { CancelTimer, Clock } from '../platform/process/clock.ts';
import { type Db, type OpenDatabase, withSystem } from '../platform/data/db.ts';
import type { TenantId } from '../platform/data/ids.ts';
import type { JobQueue } from './queue.ts';

export interface PromisedJob {
  readonly tenantId: TenantId;
  readonly job: string;
  readonly data: unknown;
  /** Names the job: the same id promised twice while it has not run is one job. No colons (BullMQ). */
  readonly jobId: string;
}

const channel = 'parley_outbox';

/** Promises a job in the transaction of the change it follows from: both happen, or neither does. */
export async function enqueueInTransaction(transaction: Db, promised: PromisedJob): Promise<void> {
  if (promised.jobId.includes(':')) throw new Error('A job id has no colons; the queue refuses them.');
  await transaction
    .insertInto('outbox')
    .values({ ...promised, data: JSON.stringify(promised.data) })
    // Without a column: naming it would need the right to read, which a tenant's work has not.
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // Delivered by PostgreSQL when, and only when, the transaction commits.
  await sql`select pg_notify(${channel}, '')`.execute(transaction);
}

/** The job has run; nobody needs to remember it any longer. */
export async function forgetJob(db: Db, jobId: string): Promise<void> {
  await withSystem(db, (transaction) =>
    transaction.deleteFrom('outbox').where('jobId', '=', jobId).execute(),
  );
}

/** Every attempt failed: the row stays for a person to look at, and is not handed out again. */
export async function buryJob(db: Db, jobId: string, failure: string): Promise<void> {
  await withSystem(db, (transaction) =>
    transaction
      .updateTable('outbox')
      .set({ deadAt: sql<Date>`now()`, failure })
      .where('jobId', '=', jobId)
      .execute(),
  );
}

const pollEveryMs = 3_000;
// A job handed over this long ago and still here may have been lost with its queue (Redis came back empty). Giving
// it again does no harm: the queue knows the id of whatever it still has.
const handAgainAfter = sql<Date>`now() - interval '10 minutes'`;
const batchSize = 100;

/**
 * Carries promised jobs from the database to the queue: at each commit, and every few seconds for what was missed.
 * With the queue out of reach the rows wait. Several processes may run one each; ids keep jobs single.
 */
export class OutboxRelay implements AsyncDisposable {
  readonly #database: OpenDatabase;
  readonly #queue: JobQueue;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #cancelTimer: CancelTimer | undefined;
  #running: Promise<void> | undefined;
  #isKickedAgain = false;
  #isClosed = false;
  #stopListening: (() => void) | undefined;

  constructor(dependencies: {
    readonly database: OpenDatabase;
    readonly queue: JobQueue;
    readonly clock: Clock;
    readonly logger: Logger;
  }) {
    this.#database = dependencies.database;
    this.#queue = dependencies.queue;
    this.#clock = dependencies.clock;
    this.#logger = dependencies.logger;
    this.kick();
  }

  /** Looks at the outbox now; during a look, once more after it. */
  kick(): void {
    if (this.#isClosed) return;
    if (this.#running !== undefined) {
      this.#isKickedAgain = true;
      return;
    }
    this.#cancelTimer?.();
    this.#running = this.#carry().finally(() => {
      this.#running = undefined;
      if (this.#isClosed) return;
      if (this.#isKickedAgain) {
        this.#isKickedAgain = false;
        this.kick();
      } else this.#cancelTimer = this.#clock.after(pollEveryMs, () => this.kick());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#running;
    this.#stopListening?.();
  }

  async #carry(): Promise<void> {
    try {
      this.#stopListening ??= await this.#listen();
      while (!this.#isClosed && (await this.#carryBatch()) === batchSize);
    } catch (error) {
      this.#logger.warn({ err: error }, 'promised jobs wait in the database');
    }
  }

  async #carryBatch(): Promise<number> {
    const rows = await withSystem(this.#database.db, (transaction) =>
      transaction
        .selectFrom('outbox')
        .select(['id', 'job', 'data', 'jobId'])
        .where('deadAt', 'is', null)
        .where((row) => row.or([row('handedAt', 'is', null), row('handedAt', '<', handAgainAfter)]))
        .orderBy('id')
        .limit(batchSize)
        .execute(),
    );
    // Outside of any transaction: the queue may live on the very connection a transaction would hold.
    for (const row of rows) await this.#queue.add({ name: row.job, data: row.data, id: row.jobId });
    if (rows.length === 0) return 0;
    await withSystem(this.#database.db, (transaction) =>
      transaction
        .updateTable('outbox')
        .set({ handedAt: sql<Date>`now()` })
        .where(
          'id',
          'in',
          rows.map((row) => row.id),
        )
        .execute(),
    );
    return rows.length;
  }

  /** A connection of its own; when it breaks, the next look at the outbox opens another. */
  async #listen(): Promise<() => void> {
    const client = await this.#database.pool.connect();
    const stop = (isBroken: boolean): void => {
      client.removeAllListeners();
      client.on('error', () => undefined);
      client.release(isBroken);
    };
    client.on('error', () => {
      this.#stopListening = undefined;
      stop(true);
    });
    client.on('notification', (message: { readonly channel: string }) => {
      if (message.channel === channel) this.kick();
    });
    try {
      await client.query(`listen ${channel}`);
    } catch (error) {
      stop(true);
      throw error;
    }
    return () => stop(true);
  }
}
