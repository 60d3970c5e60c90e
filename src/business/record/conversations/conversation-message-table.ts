import type { MessageAuthor, ToolCallOfMessage } from './message.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, ConversationId } from '../../tenancy/references/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';

/**
 * What was written, noted or called in a conversation.
 * @projection the events of the conversation
 */
export interface ConversationMessageTable {
  tenantId: TenantId;
  conversationId: ConversationId;
  sequence: number;
  kind: 'text' | 'call' | 'note';
  author: MessageAuthor;
  authorId: string | null;
  text: string | null;
  callId: CallId | null;
  toolCalls: NullableJsonColumn<readonly ToolCallOfMessage[]>;
  at: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    conversationMessage: ConversationMessageTable;
  }
}
