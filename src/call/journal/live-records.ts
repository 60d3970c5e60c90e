import type { Logger } from 'pino';
import type { CallRecord } from '../../business/record/calls/calls.ts';

export type RecordListener = (record: CallRecord) => void;

// Each listener is a person watching, or a test; what comes near this forgot to unsubscribe.
const maxListeners = 1_000;

/** What happens on the calls of this process, published as it is put on record: for live views, never for the record. */
export class LiveRecords {
  readonly #listeners = new Set<RecordListener>();
  readonly #logger: Pick<Logger, 'warn'>;

  constructor(logger: Pick<Logger, 'warn'>) {
    this.#logger = logger;
  }

  /**
   * Calls back for each record, in order, until the returned function is called. The call waits meanwhile, so a
   * listener hands on and returns; one that throws is not asked again.
   */
  subscribe(listener: RecordListener): () => void {
    if (this.#listeners.size >= maxListeners) throw new Error('Too many listen to the live calls.');
    // Wrapped, so that the same function may be given twice and each is ended by itself.
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
