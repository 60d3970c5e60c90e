import type { Generated } from 'kysely';
import type { CallId, ChatId, ConversationId, TenantId } from '../../src/platform/ids.ts';
import type { JsonColumn, NullableJsonColumn } from './json-column.ts';

export interface ToolLedgerTable {
  tenantId: TenantId;
  idempotencyKey: string;
  /** Either this or the chat. */
  callId: CallId | null;
  turn: number;
  tool: string;
  arguments: JsonColumn<unknown>;
  status: string;
  result: NullableJsonColumn<unknown>;
  createdAt: Generated<Date>;
  completedAt: Date | null;
  /** Of a chat that nobody remembers, or of a conversation. */
  chatId: ChatId | ConversationId | null;
}
