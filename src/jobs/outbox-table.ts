import type { Generated } from 'kysely';
import type { TenantId } from '../platform/data/ids.ts';
import type { JsonColumn } from '../platform/data/json-column.ts';

/** A job enqueued by a transaction. The row stays until the job has run, whatever becomes of the queue. */
export interface OutboxTable {
  /** In the order of enqueueing. */
  readonly id: Generated<string>;
  /** Null for the server's own periodic work. */
  readonly tenantId: TenantId | null;
  readonly job: string;
  readonly data: JsonColumn<unknown>;
  /** The same job id twice is the same job. */
  readonly jobId: string;
  readonly createdAt: Generated<Date>;
  /** Not before then; null means at once. Moved on by each attempt that failed. */
  readonly dueAt: Date | null;
  /** When it was last given to the queue, for this `dueAt`. */
  readonly handedAt: Date | null;
  /** Begun so far. */
  readonly attempts: Generated<number>;
  /** Set while an attempt is under way, and left behind by one that ended its process. */
  readonly startedAt: Date | null;
  /** Set after the last attempt. */
  readonly deadAt: Date | null;
  /** Why the last attempt failed. */
  readonly failure: string | null;
}

declare module '../platform/data/tables.ts' {
  interface Tables {
    outbox: OutboxTable;
  }
}
