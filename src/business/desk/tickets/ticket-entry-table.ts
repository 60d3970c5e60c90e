import type { TenantId } from '../../../platform/data/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';
import type { TicketId } from '../../tenancy/ids/ids.ts';
import type { TicketEntryKind } from './ticket.ts';

/**
 * One entry in the history of a ticket, a change or a comment, append-only.
 * @projection the events of the ticket
 */
export interface TicketEntryTable {
  tenantId: TenantId;
  ticketId: TicketId;
  sequence: number;
  kind: TicketEntryKind;
  /** Id of a member or key, or `agent`. */
  author: string;
  body: string | null;
  /** Old and new value by field. */
  change: NullableJsonColumn<Readonly<Record<string, { readonly from: string; readonly to: string }>>>;
  /** Position of its event; a string, like every bigint. */
  eventPosition: string;
  at: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    ticketEntry: TicketEntryTable;
  }
}
