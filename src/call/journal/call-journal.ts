import type { Logger } from 'pino';
import type { CallEvent, CallRecord } from '../../business/record/calls/calls.ts';
import type { CallId } from '../../business/tenancy/ids/ids.ts';
import type { TenantId } from '../../platform/data/ids.ts';
import type { Clock } from '../../platform/process/clock.ts';

/** Takes the events of a live call. It never blocks and never throws, because the audio path calls it. */
export interface Journal {
  append(event: CallEvent): void;
  /** Called after `call-ended`; resolves when everything is on disk. */
  close(): Promise<void>;
}

export interface CallJournalDeps {
  readonly callId: CallId;
  readonly tenantId: TenantId;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly write: (record: CallRecord) => void;
  /** Called once; `isComplete` if `call-ended` was recorded. Resolves when everything is on disk. */
  readonly onClosed: (isComplete: boolean) => Promise<void>;
}

/** The journal of one call; gives each event a sequence number and a time. */
export class CallJournal implements Journal {
  readonly #deps: CallJournalDeps;
  #sequence = 0;
  #isComplete = false;
  #closed: Promise<void> | undefined;

  constructor(deps: CallJournalDeps) {
    this.#deps = deps;
  }

  append(event: CallEvent): void {
    const { callId, tenantId, clock, logger, write } = this.#deps;
    if (this.#closed !== undefined) {
      logger.error({ callId, type: event.type }, 'event written to a closed journal; dropped');
      return;
    }
    this.#sequence += 1;
    this.#isComplete ||= event.type === 'call-ended';
    write({ callId, tenantId, sequence: this.#sequence, at: clock.date().toISOString(), event });
  }

  close(): Promise<void> {
    this.#closed ??= this.#deps.onClosed(this.#isComplete);
    return this.#closed;
  }
}
