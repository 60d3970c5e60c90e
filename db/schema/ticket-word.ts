import type { TenantId, TicketId } from '../../src/platform/ids.ts';

export interface TicketWordTable {
  tenantId: TenantId;
  ticketId: TicketId;
  /** Lower case, without accents. */
  word: string;
}
