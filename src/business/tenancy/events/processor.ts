import type { SystemTx, Tx } from './tx.ts';
import type { DomainEvent } from './domain-event.ts';

interface ProcessorBase {
  /** Identifies its progress, so it must not change once it has run. */
  readonly name: string;
  /** Must be pure and cheap, because it is called for every event. */
  handles(event: DomainEvent): boolean;
}

/** Writes what must be consistent with the event at once: the audit entry, a history, search words. */
interface TransactionProcessor extends ProcessorBase {
  readonly runs: 'in-transaction';
  /** `system`: it writes tables that tenants may not, so its events are recorded and replayed in a `SystemTx`. */
  readonly within?: 'system';
  /** Must be idempotent, because a replay may pass an event again. */
  handle(tx: Tx | SystemTx, event: DomainEvent): Promise<void>;
}

/** Does what may happen a moment later, with retries. */
interface JobProcessor extends ProcessorBase {
  readonly runs: 'as-job';
  handle(tx: Tx, event: DomainEvent): Promise<void>;
}

/** Informs live subscribers; the event is lost if the process crashes at that moment. */
interface LiveProcessor extends ProcessorBase {
  readonly runs: 'after-commit';
  handle(event: DomainEvent): void;
}

/** Reacts to events. Each has a file of its own; all are listed in `app/processors.ts`. */
export type Processor = TransactionProcessor | JobProcessor | LiveProcessor;
