import type { Generated, GeneratedAlways } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { JsonColumn } from '../../../platform/data/json-column.ts';

/** One event, append-only. `sequence` counts from 1 within the stream. */
export interface EventRecordTable {
  readonly tenantId: TenantId;
  readonly stream: string;
  readonly sequence: number;
  /**
   * Orders the events of all streams; a string, like every bigint. Assigned at the insert and not at the commit: a
   * later position may become visible before an earlier one, so a consumer must not skip by it alone.
   */
  readonly position: GeneratedAlways<string>;
  readonly type: string;
  /** Version of the schema of `data`. */
  readonly version: Generated<number>;
  readonly data: JsonColumn<unknown>;
  readonly at: Date;
  /** Null for events without an actor, which were observed on a call. */
  readonly actorType: string | null;
  readonly actorId: string | null;
  /** The member of staff who impersonated the tenant. */
  readonly impersonatedBy: string | null;
  readonly address: string | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    eventRecord: EventRecordTable;
  }
}
