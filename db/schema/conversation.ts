import type { Channel } from '../../src/business/conversations/channel.ts';
import type { ConversationStatus } from '../../src/business/conversations/status.ts';
import type { ConversationId, CustomerId, MemberId, TenantId } from '../../src/platform/ids.ts';

export interface ConversationTable {
  tenantId: TenantId;
  id: ConversationId;
  customerId: CustomerId | null;
  channel: Channel;
  status: ConversationStatus;
  assigneeId: MemberId | null;
  lastSequence: number;
  lastActivityAt: Date;
  createdAt: Date;
  updatedAt: Date;
  closedAt: Date | null;
}
