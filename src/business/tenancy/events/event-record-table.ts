import type { TenantId } from '../../../platform/data/ids.ts';
import type { JsonColumn } from '../../../platform/data/json-column.ts';

/** One thing that happened, appended once. `sequence` counts from 1 within the stream. */
export interface EventRecordTable {
  readonly tenantId: TenantId;
  readonly stream: string;
  readonly sequence: number;
  readonly type: string;
  readonly data: JsonColumn<unknown>;
  readonly at: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    eventRecord: EventRecordTable;
  }
}
