import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ConversationId, CustomerId, MemberId } from '../../tenancy/ids/ids.ts';
import type { Channel } from './channel.ts';
import type { ConversationStatus } from './status.ts';

/** A customer on a channel, until it is closed. */
export interface ConversationTable {
  tenantId: TenantId;
  id: ConversationId;
  customerId: CustomerId | null;
  channel: Channel;
  status: ConversationStatus;
  assigneeId: MemberId | null;
  lastActivityAt: Date;
  createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    conversation: ConversationTable;
  }
}

export const conversationTable = tenantTable('conversation', {
  what: 'conversation',
  columns: [
    'id',
    'customerId',
    'channel',
    'status',
    'assigneeId',
    'lastActivityAt',
    'createdAt',
    'updatedAt',
    'closedAt',
  ],
});
