import type { TenantId } from '../../../platform/data/ids.ts';
import type { ActorType } from '../access/actor.ts';
import type { SystemTx, Tx } from '../tenancy.ts';
import type { EventData, EventType } from './event-type.ts';

/** A fact on record, as processors read it. */
export interface DomainEvent {
  /** Its place among all events of the server, growing; gaps are possible. Text, as int8 comes from the database. */
  readonly position: string;
  readonly tenantId: TenantId;
  readonly eventType: EventType;
  /** The id of what it happened to. */
  readonly subject: string;
  readonly actor: {
    readonly type: ActorType;
    readonly id: string;
    /** The member of staff who acted in the tenant's place. */
    readonly impersonatedBy: string | null;
    readonly address: string | null;
  };
  readonly at: Date;
  readonly data: EventData;
}

interface ProcessorBase {
  /** Names its progress in the record: never changed once it has run. */
  readonly name: string;
  /** A pure decision; events that are not handled cost nothing. */
  handles(event: DomainEvent): boolean;
}

/** Writes what has to be true at once and together with the fact: the audit entry, a history, search words. */
interface TransactionProcessor extends ProcessorBase {
  readonly runs: 'in-transaction';
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
