import type { TenantId } from '../../../platform/data/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';
import type { TicketId } from '../../tenancy/ids/ids.ts';
import type { TicketEntryKind } from './ticket.ts';

/**
 * One thing that happened to a ticket, comments included, appended once.
 * @projection the events of the ticket
 */
export interface TicketEntryTable {
  tenantId: TenantId;
  ticketId: TicketId;
  sequence: number;
  kind: TicketEntryKind;
  /** `agent`, or who else did it. */
  author: string;
  body: string | null;
  /** Field by field: what it was and what it became. */
  change: NullableJsonColumn<Readonly<Record<string, { readonly from: string; readonly to: string }>>>;
  /** Of the event it was made from; a string, as every bigint. */
  eventPosition: string;
  at: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    ticketEntry: TicketEntryTable;
  }
}
