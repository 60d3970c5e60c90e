import type { Logger } from 'pino';
import type { CallRecord } from '../../business/record/calls/calls.ts';

export type RecordListener = (record: CallRecord) => void;

// Each listener is a person watching, or a test; this many would be a leak.
const maxListeners = 1_000;

/** Publishes the records of this process's calls as they are appended, for live views only. */
export class LiveRecords {
  readonly #listeners = new Set<RecordListener>();
  readonly #logger: Pick<Logger, 'warn'>;

  constructor(logger: Pick<Logger, 'warn'>) {
    this.#logger = logger;
  }

  /**
   * Calls back for each record, in order, until the returned function is called. The call waits meanwhile, so a
   * listener must return quickly; one that throws is removed.
   */
  subscribe(listener: RecordListener): () => void {
    if (this.#listeners.size >= maxListeners) throw new Error('Too many listen to the live calls.');
    // Wrapped, so that the same function can be subscribed twice and each subscription ends separately.
    const own: RecordListener = (record) => listener(record);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  publish(record: CallRecord): void {
    for (const listener of this.#listeners) {
      try {
        listener(record);
      } catch (error) {
        this.#listeners.delete(listener);
        this.#logger.warn({ err: error }, 'live call listener failed; removed');
      }
    }
  }
}
