import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { CallId, CustomerId, MemberId, TicketId } from '../../tenancy/ids/ids.ts';
import type { TicketPriority, TicketStatus } from './ticket.ts';

/** A problem to be solved by the people of the business. */
export interface TicketTable {
  tenantId: TenantId;
  id: TicketId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  reference: string;
  customerId: CustomerId | null;
  callId: CallId | null;
  subject: string;
  description: string;
  category: string;
  priority: TicketPriority;
  status: TicketStatus;
  assigneeId: MemberId | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    ticket: TicketTable;
  }
}

export const ticketTable = tenantTable('ticket', {
  what: 'ticket',
  columns: [
    'id',
    'version',
    'reference',
    'customerId',
    'callId',
    'subject',
    'description',
    'category',
    'priority',
    'status',
    'assigneeId',
    'createdAt',
    'updatedAt',
  ],
});
