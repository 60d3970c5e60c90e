import type { MessageAuthor, ToolCallOfMessage } from '../../src/business/conversations/message.ts';
import type { CallId, ConversationId, TenantId } from '../../src/platform/ids.ts';
import type { NullableJsonColumn } from './json-column.ts';

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
