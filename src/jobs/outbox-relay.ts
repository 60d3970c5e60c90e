import type { Logger } from 'pino';
import type { OpenDatabase } from '../platform/data/db.ts';
import { runAcrossTenants, type SystemTx } from '../platform/data/tx.ts';
import { throttle } from '../platform/process/throttle.ts';
import type { Clock } from '../platform/process/clock.ts';
import { every, type Repetition } from '../platform/process/every.ts';
import { outboxChannel } from './outbox.ts';
import type { JobQueue } from './queue.ts';

export interface OutboxRelayDependencies {
  readonly database: OpenDatabase;
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly logger: Logger;
}

const pollEveryMs = 3_000;
/**
 * A job that was handed over this long ago and has not run may have been lost, because Redis lost its data or a relay
 * crashed. Handing it over again is idempotent: the queue deduplicates by id while a job waits or runs.
 */
const handAgainAfterMs = 10 * 60_000;
const batchSize = 100;

/**
 * Moves due jobs from the database to the queue: at each commit, when the next one falls due, and every few seconds for
 * what was missed. While the queue is unavailable the rows wait. Every node may run a relay: rows are locked while they
 * are taken, and the queue deduplicates by id.
 */
export class OutboxRelay implements AsyncDisposable {
  readonly #database: OpenDatabase;
  readonly #queue: JobQueue;
  readonly #clock: Clock;
  readonly #repetition: Repetition;
  #isClosed = false;
  #stopListening: (() => void) | undefined;

  constructor({ database, queue, clock, logger }: OutboxRelayDependencies) {
    this.#database = database;
    this.#queue = queue;
    this.#clock = clock;
    this.#repetition = every({
      clock,
      intervalMs: pollEveryMs,
      run: () => this.#carryAll(),
      onError: throttle(60_000, clock, (error: unknown) =>
        logger.warn({ err: error }, 'outbox relay failed; will retry'),
      ),
    });
    void this.#repetition.runNow();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#repetition[Symbol.asyncDispose]();
    this.#stopListening?.();
  }

  /** Resolves to the time until the next job is due. */
  async #carryAll(): Promise<number> {
    this.#stopListening ??= await this.#listen();
    let lookedAt: Date;
    do lookedAt = this.#clock.date();
    while ((await this.#carryBatch(lookedAt)) === batchSize && !this.#isClosed);
    // Searched from the time of the last query, not from now, because a job may have fallen due in between.
    const next = await runAcrossTenants(this.#database.db, (tx) => nextDue(tx, lookedAt));
    if (next === undefined) return pollEveryMs;
    return Math.min(next.getTime() - this.#clock.date().getTime(), pollEveryMs);
  }

  async #carryBatch(now: Date): Promise<number> {
    const { db } = this.#database;
    const jobs = await runAcrossTenants(db, (tx) => takeDue(tx, now));
    // Outside of any transaction, because the queue may use the only connection of the embedded database.
    for (const [index, { job, jobId, dueAt }] of jobs.entries()) {
      try {
        await this.#queue.add({ name: job, jobId, dueAt });
      } catch (error) {
        await runAcrossTenants(db, (tx) => putBack(tx, jobs.slice(index)));
        throw error;
      }
    }
    return jobs.length;
  }

  /** Uses a dedicated connection; when it breaks, the next run opens another. */
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
      if (message.channel === outboxChannel) void this.#repetition.runNow();
    });
    try {
      await client.query(`listen ${outboxChannel}`);
    } catch (error) {
      stop(true);
      throw error;
    }
    return () => stop(true);
  }
}

interface DueJob {
  readonly id: string;
  readonly job: string;
  readonly jobId: string;
  readonly dueAt: Date | null;
}

/** Marks due jobs as handed over; skips rows that another relay has locked. */
async function takeDue(tx: SystemTx, now: Date): Promise<DueJob[]> {
  const handAgainBefore = new Date(now.getTime() - handAgainAfterMs);
  const jobs = await tx
    .with('due', (query) =>
      query
        .selectFrom('outbox')
        .select('id')
        .where('deadAt', 'is', null)
        .where((row) => row.or([row('dueAt', 'is', null), row('dueAt', '<=', now)]))
        .where((row) => row.or([row('handedAt', 'is', null), row('handedAt', '<', handAgainBefore)]))
        .orderBy('id')
        .limit(batchSize)
        .forUpdate()
        .skipLocked(),
    )
    .updateTable('outbox')
    .from('due')
    .set({ handedAt: now })
    .whereRef('outbox.id', '=', 'due.id')
    .returning(['outbox.id', 'outbox.job', 'outbox.jobId', 'outbox.dueAt'])
    .execute();
  // An update returns its rows in no order; older jobs are added first.
  return jobs.toSorted((a, b) => Number(a.id) - Number(b.id));
}

/** Undoes the mark of jobs that the queue did not accept. */
async function putBack(tx: SystemTx, jobs: readonly DueJob[]): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ handedAt: null })
    .where(
      'id',
      'in',
      jobs.map(({ id }) => id),
    )
    .execute();
}

async function nextDue(tx: SystemTx, after: Date): Promise<Date | undefined> {
  const next = await tx
    .selectFrom('outbox')
    .select('dueAt')
    .where('deadAt', 'is', null)
    .where('handedAt', 'is', null)
    .where('dueAt', '>', after)
    .orderBy('dueAt')
    .limit(1)
    .executeTakeFirst();
  return next?.dueAt ?? undefined;
}
