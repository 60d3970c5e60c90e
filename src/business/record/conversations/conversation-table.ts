import type { Generated } from 'kysely';
import type { Channel } from './channel.ts';
import type { ConversationStatus } from './status.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ConversationId, CustomerId, MemberId } from '../../tenancy/references/ids.ts';

/**
 * A customer on a channel, until it is closed.
 * @projection the events of its own stream
 */
export interface ConversationTable {
  tenantId: TenantId;
  id: ConversationId;
  /** Counts the changes; the ETag is made of it. */
  version: Generated<number>;
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

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    conversation: ConversationTable;
  }
}
