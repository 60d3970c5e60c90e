import type { Generated } from 'kysely';
import type { TenantId } from '../../src/platform/ids.ts';
import type { JsonColumn } from './json-column.ts';

/** A job promised by a transaction and not yet handed to the queue. */
export interface OutboxTable {
  readonly id: Generated<string>;
  readonly tenantId: TenantId;
  readonly job: string;
  readonly data: JsonColumn<unknown>;
  /** The same job id twice is the same job. */
  readonly jobId: string;
  readonly createdAt: Generated<Date>;
}
