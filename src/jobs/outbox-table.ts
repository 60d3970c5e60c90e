import type { Generated } from 'kysely';
import type { TenantId } from '../platform/data/ids.ts';
import type { JsonColumn } from '../platform/data/json-column.ts';

/** A job enqueued by a transaction. The row stays until the job has run, even if the queue loses its data. */
export interface OutboxTable {
  /** Ascending in the order of enqueueing. */
  readonly id: Generated<string>;
  /** Null for the server's own periodic work. */
  readonly tenantId: TenantId | null;
  readonly job: string;
  readonly data: JsonColumn<unknown>;
  /** Unique key for deduplication. */
  readonly jobId: string;
  readonly createdAt: Generated<Date>;
  /** When the job may run; null means at once. Postponed by each failed attempt. */
  readonly dueAt: Date | null;
  /** When it was last given to the queue, for this `dueAt`. */
  readonly handedAt: Date | null;
  /** Attempts begun so far. */
  readonly attempts: Generated<number>;
  /** Set while an attempt runs; stays set if the attempt crashed its process. */
  readonly startedAt: Date | null;
  /** Set when the job has become a dead letter. */
  readonly deadAt: Date | null;
  /** Why the last attempt failed. */
  readonly failure: string | null;
}

declare module '../platform/data/tables.ts' {
  interface Tables {
    outbox: OutboxTable;
  }
}
