import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';

/** An event that a processor, run as a job, is done with: a job that is run twice handles it once. */
export interface EventHandledTable {
  readonly tenantId: TenantId;
  readonly processor: string;
  /** Of the event; a string, as every bigint. */
  readonly position: string;
  readonly handledAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    eventHandled: EventHandledTable;
  }
}
