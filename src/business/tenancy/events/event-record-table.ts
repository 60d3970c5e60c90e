import type { Generated, GeneratedAlways } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { JsonColumn } from '../../../platform/data/json-column.ts';

/** One thing that happened, appended once. `sequence` counts from 1 within the stream. */
export interface EventRecordTable {
  readonly tenantId: TenantId;
  readonly stream: string;
  readonly sequence: number;
  /**
   * Orders the events of all streams; a string, as every bigint. Given at the insert, not at the commit: a later
   * position may become visible before an earlier one, so whoever follows the events must not skip by it alone.
   */
  readonly position: GeneratedAlways<string>;
  readonly type: string;
  /** Of the schema that `data` was written with. */
  readonly version: Generated<number>;
  readonly data: JsonColumn<unknown>;
  readonly at: Date;
  /** Null where nobody acted: what was observed on a call. */
  readonly actorType: string | null;
  readonly actorId: string | null;
  /** The member of the platform's staff who acted in the tenant's place. */
  readonly impersonatedBy: string | null;
  readonly address: string | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    eventRecord: EventRecordTable;
  }
}
