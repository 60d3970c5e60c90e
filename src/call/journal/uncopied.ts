import type { CallRecord } from '../../business/record/calls/calls.ts';
import type { CallId } from '../../business/tenancy/ids/ids.ts';

/** Reads the records of a call again when they are no longer in memory. */
export interface RecordSource {
  readAfter(sequence: number, limit: number): Promise<readonly CallRecord[]>;
}

/**
 * The records of one call that are not in the database yet. They are buffered here; when the buffer is full they are
 * dropped and read from the call's file again, until the copy has caught up.
 */
export class Uncopied {
  readonly callId: CallId;
  readonly #source: RecordSource;
  #buffered: CallRecord[] = [];
  #isInFile: boolean;
  #copiedSequence = 0;
  #lastSequence: number;
  /** When the oldest record began to wait; undefined if none does. */
  waitingSinceMs: number | undefined;
  /** Failures in a row of this call alone. */
  failures = 0;
  retryAtMs = 0;

  /** `lastSequence` is that of a call found on disk, and 0 for a new call. */
  constructor(callId: CallId, source: RecordSource, lastSequence: number, nowMs: number) {
    this.callId = callId;
    this.#source = source;
    this.#lastSequence = lastSequence;
    this.#isInFile = lastSequence > 0;
    this.waitingSinceMs = lastSequence > 0 ? nowMs : undefined;
  }

  get bufferedRecords(): number {
    return this.#buffered.length;
  }

  get isCopied(): boolean {
    return this.#copiedSequence >= this.#lastSequence;
  }

  add(record: CallRecord, nowMs: number): void {
    this.waitingSinceMs ??= nowMs;
    this.#lastSequence = record.sequence;
    if (!this.#isInFile) this.#buffered.push(record);
  }

  /** Drops the buffered records; the next ones are read from the file. */
  dropBuffer(): void {
    this.#buffered = [];
    this.#isInFile = true;
  }

  /** The next records in order; none while the file has not been written that far. */
  async next(limit: number): Promise<readonly CallRecord[]> {
    if (this.#isInFile) return this.#source.readAfter(this.#copiedSequence, limit);
    return this.#buffered.slice(0, limit);
  }

  copied(upToSequence: number, nowMs: number): void {
    this.#copiedSequence = Math.max(this.#copiedSequence, upToSequence);
    const firstUncopied = this.#buffered.findIndex((record) => record.sequence > upToSequence);
    this.#buffered = firstUncopied === -1 ? [] : this.#buffered.slice(firstUncopied);
    this.failures = 0;
    this.retryAtMs = 0;
    if (this.isCopied) {
      this.waitingSinceMs = undefined;
      this.#isInFile = false;
    } else if (!this.#isInFile) this.waitingSinceMs = nowMs;
  }

  /** Rewinds to `sequence`, because the database has less than expected; the next records are read from the file. */
  rewindTo(sequence: number): void {
    this.#copiedSequence = sequence;
    this.dropBuffer();
  }
}
