import type { Generated } from 'kysely';
import type { TenantId } from '../platform/data/ids.ts';
import type { JsonColumn } from '../platform/data/json-column.ts';

/** A job promised by a transaction. The row stays until the job has run, whatever becomes of the queue. */
export interface OutboxTable {
  readonly id: Generated<string>;
  readonly tenantId: TenantId;
  readonly job: string;
  readonly data: JsonColumn<unknown>;
  /** The same job id twice is the same job. */
  readonly jobId: string;
  readonly createdAt: Generated<Date>;
  /** When it was last given to the queue. */
  readonly handedAt: Date | null;
  /** Set when every attempt failed; clearing it, and `handedAt`, runs the job again. */
  readonly deadAt: Date | null;
  readonly failure: string | null;
}

declare module '../platform/data/tables.ts' {
  interface Tables {
    outbox: OutboxTable;
  }
}
