import type { CallEvent, EndedReason } from '../business/record/calls/calls.ts';
import { CallUsageMeter } from './call-usage.ts';
import type { Journal } from './journal/journal.ts';
import type { CallRecorder } from './recording/recording.ts';

export interface RecordWriterDeps {
  readonly journal: Journal;
  readonly recorder: CallRecorder | undefined;
  /** Every event of the call, for metrics and the log; must not throw. */
  readonly observe: (event: CallEvent) => void;
}

export interface CallTotals {
  readonly reason: EndedReason;
  readonly durationMs: number;
  readonly sttVendor: string;
  readonly ttsVendor: string;
  readonly ttsCharacters: number;
}

/** Records the events of one call, and completes the record when the call has ended. */
export class RecordWriter {
  readonly #deps: RecordWriterDeps;
  readonly #usage = new CallUsageMeter();

  constructor(deps: RecordWriterDeps) {
    this.#deps = deps;
  }

  append(event: CallEvent): void {
    this.#usage.recorded(event);
    this.#deps.observe(event);
    this.#deps.journal.append(event);
  }

  listened(seconds: number): void {
    this.#usage.listened(seconds);
  }

  /** Resolves when everything is on disk. */
  async close({ reason, durationMs, ...totals }: CallTotals): Promise<void> {
    const recording = await this.#deps.recorder?.close();
    if (recording !== undefined) this.append({ type: 'recording-stored', ...recording });
    const usage = this.#usage.total({ callSeconds: durationMs / 1000, ...totals });
    this.append({ type: 'call-ended', reason, durationMs, usage });
    await this.#deps.journal.close();
  }
}
