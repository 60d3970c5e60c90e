import type { TenantId } from '../platform/data/ids.ts';
import type { ConversationId } from '../business/tenancy/ids/ids.ts';

/** How far a written conversation has been answered. */
export interface ChatProgressTable {
  tenantId: TenantId;
  conversationId: ConversationId;
  /** Of the last message of the customer that was answered; 0 before the first answer. */
  answeredSequence: number;
  /** An answer is being written; past when whoever wrote it has stopped without an end. */
  answeringUntil: Date | null;
}

declare module '../platform/data/tables.ts' {
  interface Tables {
    chatProgress: ChatProgressTable;
  }
}
