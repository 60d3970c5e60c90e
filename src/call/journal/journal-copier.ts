import type { Logger } from 'pino';
import { type CallRecord, SequenceGap } from '../../business/record/calls/calls.ts';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import type { CallId } from '../../business/tenancy/ids/ids.ts';
import { isDatabaseUnavailable } from '../../platform/http/problem.ts';
import { type RecordSource, Uncopied } from './uncopied.ts';

/** Stores records of one call in the database. Idempotent. */
export type Ingest = (records: readonly CallRecord[]) => Promise<void>;

export interface CopierOptions {
  readonly ingest: Ingest;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Maximum number of buffered records of all calls; further ones are read from the files again. */
  readonly maxBufferedRecords?: number;
}

// Part of the 250 ms within which a record is in the database; the rest is for the transaction.
const gatherMs = 100;
const batchRecords = 500;
// Calls copied at the same time; below the size of the connection pool, which others need too.
const callsAtOnce = 4;
const firstRetryMs = 250;
// Short enough that all records are in the database seconds after it is available again.
const longestRetryMs = 5_000;
// The failure in a row of one call that is logged as an error: while others succeed this is a bug, not an outage.
const failuresBeforeAlarm = 8;

/**
 * Copies the records of this process's calls to the database, in order within each call, with unlimited retries. No
 * call waits for it.
 */
export class JournalCopier implements AsyncDisposable {
  readonly #ingest: Ingest;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #maxBufferedRecords: number;
  readonly #calls = new Map<CallId, Uncopied>();
  /** Callbacks for closed calls, called once when all records of the call are copied. */
  readonly #whenCopied = new Map<CallId, () => void>();
  #bufferedRecords = 0;
  /** Failures in a row with the database unavailable, which give the backoff. */
  #outages = 0;
  #pausedUntilMs = 0;
  #cancelTimer: CancelTimer | undefined;
  #timerDueMs = Infinity;
  #round: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: CopierOptions) {
    this.#ingest = options.ingest;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#maxBufferedRecords = options.maxBufferedRecords ?? 20_000;
  }

  /**
   * Starts to copy a call. `lastSequence` is 0 for a new call; a call found on disk has its last one, and is read from
   * there.
   */
  follow(callId: CallId, source: RecordSource, lastSequence = 0): void {
    this.#calls.set(callId, new Uncopied(callId, source, lastSequence, this.#clock.nowMs()));
    if (lastSequence > 0) this.#schedule(0);
  }

  add(record: CallRecord): void {
    const call = this.#calls.get(record.callId);
    if (call === undefined) return;
    if (this.#bufferedRecords >= this.#maxBufferedRecords) {
      this.#bufferedRecords -= call.bufferedRecords;
      call.dropBuffer();
    }
    const bufferedBefore = call.bufferedRecords;
    call.add(record, this.#clock.nowMs());
    this.#bufferedRecords += call.bufferedRecords - bufferedBefore;
    this.#schedule(gatherMs);
  }

  /** Ends a call; calls back once all its records are in the database. */
  finish(callId: CallId, whenCopied: () => void): void {
    this.#whenCopied.set(callId, whenCopied);
    this.#forgetIfDone(callId);
  }

  /** Number of buffered records of all calls. */
  get bufferedRecords(): number {
    return this.#bufferedRecords;
  }

  /** Age of the oldest record that is not copied. */
  lagMs(): number {
    const nowMs = this.#clock.nowMs();
    let lagMs = 0;
    for (const { waitingSinceMs } of this.#calls.values()) {
      if (waitingSinceMs !== undefined) lagMs = Math.max(lagMs, nowMs - waitingSinceMs);
    }
    return lagMs;
  }

  /** Makes a last attempt to copy everything, then stops; the rest is found on disk at the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#round;
    for (const call of this.#calls.values()) call.retryAtMs = 0;
    this.#pausedUntilMs = 0;
    await this.#copyAll();
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed || this.#round !== undefined) return;
    const nowMs = this.#clock.nowMs();
    const dueMs = Math.max(nowMs + delayMs, this.#pausedUntilMs);
    // The timer already runs out earlier.
    if (dueMs >= this.#timerDueMs) return;
    this.#cancelTimer?.();
    this.#timerDueMs = dueMs;
    this.#cancelTimer = this.#clock.after(dueMs - nowMs, () => {
      this.#timerDueMs = Infinity;
      this.#round = this.#copyAll().finally(() => {
        this.#round = undefined;
        this.#scheduleNext();
      });
    });
  }

  #scheduleNext(): void {
    let earliestMs = Infinity;
    for (const call of this.#calls.values()) {
      if (!call.isCopied) earliestMs = Math.min(earliestMs, call.retryAtMs);
    }
    if (earliestMs < Infinity) this.#schedule(Math.max(gatherMs, earliestMs - this.#clock.nowMs()));
  }

  /** One batch of every call that has something to copy, a few calls at a time. */
  async #copyAll(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const due = [...this.#calls.values()]
      .filter((call) => !call.isCopied && call.retryAtMs <= nowMs)
      .values();
    const copyDue = async (): Promise<void> => {
      for (const call of due) {
        if (this.#pausedUntilMs > this.#clock.nowMs()) return;
        await this.#copy(call);
      }
    };
    await Promise.all(Array.from({ length: callsAtOnce }, copyDue));
  }

  async #copy(call: Uncopied): Promise<void> {
    try {
      const records = await call.next(batchRecords);
      const last = records.at(-1);
      if (last === undefined) return;
      await this.#ingest(records);
      this.#outages = 0;
      const bufferedBefore = call.bufferedRecords;
      call.copied(last.sequence, this.#clock.nowMs());
      this.#bufferedRecords += call.bufferedRecords - bufferedBefore;
      this.#forgetIfDone(call.callId);
    } catch (error) {
      this.#failed(call, error);
    }
  }

  #failed(call: Uncopied, error: unknown): void {
    const nowMs = this.#clock.nowMs();
    if (isDatabaseUnavailable(error)) {
      // Calls that were copied at the same time fail together; they count as one failure.
      if (this.#pausedUntilMs > nowMs) return;
      this.#pausedUntilMs = nowMs + retryAfterMs(this.#outages);
      if (this.#outages === 0)
        this.#logger.warn({ err: error }, 'journal ingest failed, database unavailable; will retry');
      this.#outages += 1;
      return;
    }
    if (error instanceof SequenceGap) {
      this.#bufferedRecords -= call.bufferedRecords;
      call.rewindTo(error.expected - 1);
    }
    call.retryAtMs = nowMs + retryAfterMs(call.failures);
    call.failures += 1;
    const level = call.failures === failuresBeforeAlarm ? 'error' : 'warn';
    this.#logger[level](
      { err: error, callId: call.callId, failures: call.failures },
      'call record ingest failed; will retry',
    );
  }

  #forgetIfDone(callId: CallId): void {
    const whenCopied = this.#whenCopied.get(callId);
    if (whenCopied === undefined || this.#calls.get(callId)?.isCopied === false) return;
    this.#whenCopied.delete(callId);
    this.#calls.delete(callId);
    whenCopied();
  }
}

function retryAfterMs(failuresBefore: number): number {
  return Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(failuresBefore, 10));
}
