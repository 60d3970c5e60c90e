import type { TenantId } from '../../../platform/data/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';
import type { CallId, ConversationId } from '../../tenancy/ids/ids.ts';
import type { MessageAuthor, ToolCallOfMessage } from './conversation.ts';

/** What was written, noted or called in a conversation. The words are here and in no event, to be erased in one place. */
export interface ConversationMessageTable {
  tenantId: TenantId;
  conversationId: ConversationId;
  /** Of the event that added it. */
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
