import type { TenantId } from '../../../platform/data/ids.ts';
import type { TicketId } from '../../tenancy/ids/ids.ts';

/**
 * A word of a ticket, for searching.
 * @projection the subject, description and category of the ticket
 */
export interface TicketWordTable {
  tenantId: TenantId;
  ticketId: TicketId;
  /** Lower case, without accents. */
  word: string;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    ticketWord: TicketWordTable;
  }
}
