import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';

/** An event that a processor has handled as a job, so that a repeated job does not handle it again. */
export interface EventHandledTable {
  readonly tenantId: TenantId;
  readonly processor: string;
  /** Position of the event; a string, like every bigint. */
  readonly position: string;
  readonly handledAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    eventHandled: EventHandledTable;
  }
}
