import type { SystemTx, Tx } from './tx.ts';
import type { DomainEvent } from './domain-event.ts';

interface ProcessorBase {
  /** Names its progress in the record: never changed once it has run. */
  readonly name: string;
  /** A pure decision; events that are not handled cost nothing. */
  handles(event: DomainEvent): boolean;
}

/** Writes what has to be true at once and together with the fact: the audit entry, a history, search words. */
interface TransactionProcessor extends ProcessorBase {
  readonly runs: 'in-transaction';
  /** `system`: it writes what no tenant may, so that its facts are stated and replayed across tenants. */
  readonly within?: 'system';
  /** Running it twice for one event has to mean running it once: a replay may give it again. */
  handle(tx: Tx | SystemTx, event: DomainEvent): Promise<void>;
}

/** Does what may come a moment later; it is tried again until it succeeds or a person looks at the dead letter. */
interface JobProcessor extends ProcessorBase {
  readonly runs: 'as-job';
  handle(tx: Tx, event: DomainEvent): Promise<void>;
}

/** Tells who is looking on right now; lost when the process dies at that moment. */
interface LiveProcessor extends ProcessorBase {
  readonly runs: 'after-commit';
  handle(event: DomainEvent): void;
}

/** Turns events into something else. One file each; all are listed in `app/processors.ts`. */
export type Processor = TransactionProcessor | JobProcessor | LiveProcessor;
