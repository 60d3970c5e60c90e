import type { CallRecord } from '../../business/record/calls/calls.ts';
import type { CallId } from '../../business/tenancy/ids/ids.ts';

/** Where the records of a call can be read again when memory no longer has them. */
export interface RecordSource {
  readAfter(sequence: number, limit: number): Promise<readonly CallRecord[]>;
}

/**
 * What the database still lacks of one call. While the database keeps up, the records are here; when memory has no
 * room for them they are let go and read again from the call's file, until the copy has caught up.
 */
export class Uncopied {
  readonly callId: CallId;
  readonly #source: RecordSource;
  #held: CallRecord[] = [];
  #isInFile: boolean;
  #copiedSequence = 0;
  #lastSequence: number;
  /** Since when something waits; undefined when nothing does. */
  waitingSinceMs: number | undefined;
  /** Failures of this call alone, one after the other. */
  failures = 0;
  retryAtMs = 0;

  /** `lastSequence` of a call found on disk; 0 for one that begins. */
  constructor(callId: CallId, source: RecordSource, lastSequence: number, nowMs: number) {
    this.callId = callId;
    this.#source = source;
    this.#lastSequence = lastSequence;
    this.#isInFile = lastSequence > 0;
    this.waitingSinceMs = lastSequence > 0 ? nowMs : undefined;
  }

  get heldRecords(): number {
    return this.#held.length;
  }

  get isCopied(): boolean {
    return this.#copiedSequence >= this.#lastSequence;
  }

  add(record: CallRecord, nowMs: number): void {
    this.waitingSinceMs ??= nowMs;
    this.#lastSequence = record.sequence;
    if (!this.#isInFile) this.#held.push(record);
  }

  /** Makes room: from here on the file is read. */
  letGo(): void {
    this.#held = [];
    this.#isInFile = true;
  }

  /** The next records in order; none while the file has not been written that far. */
  async next(limit: number): Promise<readonly CallRecord[]> {
    if (this.#isInFile) return this.#source.readAfter(this.#copiedSequence, limit);
    return this.#held.slice(0, limit);
  }

  copied(upToSequence: number, nowMs: number): void {
    this.#copiedSequence = Math.max(this.#copiedSequence, upToSequence);
    const firstUncopied = this.#held.findIndex((record) => record.sequence > upToSequence);
    this.#held = firstUncopied === -1 ? [] : this.#held.slice(firstUncopied);
    this.failures = 0;
    this.retryAtMs = 0;
    if (this.isCopied) {
      this.waitingSinceMs = undefined;
      this.#isInFile = false;
    } else if (!this.#isInFile) this.waitingSinceMs = nowMs;
  }

  /** The database has less than was thought; the file has it all. */
  startAgainAfter(sequence: number): void {
    this.#copiedSequence = sequence;
    this.letGo();
  }
}
