// Every event of a call is in memory at once, on disk within 100 ms, and in the database within 250 ms when that is
// available. The call itself waits for none of it.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { CallEvent, CallRecord } from '../../business/record/calls/calls.ts';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import { type FolderLock, lockFolder } from '../../platform/process/folder-lock.ts';
import type { TenantId } from '../../platform/data/ids.ts';
import type { CallId } from '../../business/tenancy/ids/ids.ts';
import type { Metrics } from '../../platform/process/metrics.ts';
import { type Ingest, JournalCopier } from './journal-copier.ts';
import { JournalFile } from './journal-file.ts';
import { formatLine } from './journal-line.ts';
import { CallJournal, type Journal } from './call-journal.ts';
import { repairLeftovers } from './leftovers.ts';
import { LiveRecords } from './live-records.ts';

export type { LiveRecords } from './live-records.ts';

export interface JournalsOptions {
  readonly dataDir: string;
  readonly ingest: Ingest;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly maxBufferedRecords?: number;
}

const flushEveryMs = 100;
const diskRetryMs = 1_000;

/** The journals of this process's calls; one per process and DATA_DIR. */
export class Journals implements AsyncDisposable {
  /** Feeds live views. */
  readonly live: LiveRecords;
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #copier: JournalCopier;
  readonly #lock: FolderLock;
  /** Files that are open or have lines to write. */
  readonly #files = new Set<JournalFile>();
  readonly #removals = new Set<Promise<void>>();
  #cancelFlush: CancelTimer | undefined;
  #isFlushing = false;
  #isDiskFailing = false;
  #diskFailures = 0;

  private constructor(options: JournalsOptions, folder: string, lock: FolderLock) {
    this.#folder = folder;
    this.#lock = lock;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#copier = new JournalCopier(options);
    this.live = new LiveRecords(options.logger);
    options.metrics.exportGauge({
      name: 'parley_ingest_lag_seconds',
      help: 'How long the oldest record of a call has waited for the database.',
      read: () => this.#copier.lagMs() / 1000,
    });
    options.metrics.exportGauge({
      name: 'parley_ingest_held_records',
      help: 'Records of calls that wait for the database in memory.',
      read: () => this.#copier.bufferedRecords,
    });
    options.metrics.exportCounter({
      name: 'parley_journal_disk_failures_total',
      help: 'Writes of call journals that the disk refused.',
      read: () => this.#diskFailures,
    });
  }

  /** Repairs the journals that earlier processes left and starts to copy them. */
  static async open(options: JournalsOptions): Promise<Journals> {
    const folder = join(options.dataDir, 'journal');
    await mkdir(folder, { recursive: true });
    const lock = await lockFolder(join(options.dataDir, 'journal.lock'), 'The folder of call journals');
    const journals = new Journals(options, folder, lock);
    for (const { callId, path, lastSequence } of await repairLeftovers(folder)) {
      const file = new JournalFile(path);
      journals.#copier.follow(callId, file, lastSequence);
      journals.#copier.finish(callId, () => journals.#remove(file));
    }
    return journals;
  }

  /** True while writes to disk fail. Live calls are buffered in memory; new ones are refused. */
  get isDiskFailing(): boolean {
    return this.#isDiskFailing;
  }

  open({ callId, tenantId }: { readonly callId: CallId; readonly tenantId: TenantId }): Journal {
    const file = new JournalFile(join(this.#folder, `${callId}.jsonl`));
    this.#files.add(file);
    this.#copier.follow(callId, file);
    return new CallJournal({
      callId,
      tenantId,
      clock: this.#clock,
      logger: this.#logger,
      write: (record) => this.#append(file, record),
      onClosed: (isComplete) => this.#close(file, callId, isComplete),
    });
  }

  /** Flushes all files, makes a last attempt to copy them, and stops. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#cancelFlush?.();
    await Promise.all([...this.#files].map((file) => this.#closeFile(file)));
    await this.#copier[Symbol.asyncDispose]();
    this.#cancelFlush?.();
    await Promise.all(this.#removals);
    await this.#lock.release();
  }

  #append(file: JournalFile, given: CallRecord): void {
    const { line, record } = this.#format(given);
    file.append(line);
    this.#copier.add(record);
    this.live.publish(record);
    this.#scheduleFlush();
  }

  /** A tool's result may not be serializable. The call must not fail, and no sequence number may be missing. */
  #format(record: CallRecord): { line: string; record: CallRecord } {
    try {
      return { line: formatLine(record), record };
    } catch (error) {
      this.#logger.error(
        { err: error, callId: record.callId, type: record.event.type },
        'event not serializable; recorded as a fault',
      );
      const event: CallEvent = {
        type: 'fault',
        kind: 'journal.unwritable',
        vendor: 'parley',
        detail: record.event.type,
        gapMs: undefined,
      };
      const replaced = { ...record, event };
      return { line: formatLine(replaced), record: replaced };
    }
  }

  async #close(file: JournalFile, callId: CallId, isComplete: boolean): Promise<void> {
    await this.#closeFile(file);
    // A file without `call-ended` is kept; the next start adds that event.
    this.#copier.finish(callId, () => isComplete && this.#remove(file));
  }

  async #closeFile(file: JournalFile): Promise<void> {
    try {
      await file.close();
      this.#files.delete(file);
      this.#diskWorks();
    } catch (error) {
      this.#diskFailed(error);
      this.#scheduleFlush();
    }
  }

  #remove(file: JournalFile): void {
    this.#files.delete(file);
    const removal = file.remove().catch((error: unknown) => {
      // A file that stays is copied again at the next start, which is idempotent.
      this.#logger.warn({ err: error }, 'journal deletion failed after ingest');
    });
    this.#removals.add(removal);
    void removal.finally(() => this.#removals.delete(removal));
  }

  /** One timer for all calls; flushes do not overlap. */
  #scheduleFlush(): void {
    if (this.#cancelFlush !== undefined || this.#isFlushing) return;
    this.#cancelFlush = this.#clock.after(this.#isDiskFailing ? diskRetryMs : flushEveryMs, () => {
      this.#cancelFlush = undefined;
      this.#isFlushing = true;
      void this.#flush().finally(() => {
        this.#isFlushing = false;
        if ([...this.#files].some((file) => file.needsFlush)) this.#scheduleFlush();
      });
    });
  }

  async #flush(): Promise<void> {
    const due = [...this.#files].filter((file) => file.needsFlush);
    const results = await Promise.allSettled(due.map((file) => file.flush()));
    for (const file of due) if (file.isClosed) this.#files.delete(file);
    const failure = results.find((result) => result.status === 'rejected');
    if (failure === undefined) this.#diskWorks();
    else this.#diskFailed(failure.reason);
  }

  #diskFailed(error: unknown): void {
    this.#diskFailures += 1;
    if (this.#isDiskFailing) return;
    this.#isDiskFailing = true;
    this.#logger.error({ err: error }, 'journal write failed; buffering in memory');
  }

  #diskWorks(): void {
    if (!this.#isDiskFailing) return;
    this.#isDiskFailing = false;
    this.#logger.info('journal write recovered');
  }
}
