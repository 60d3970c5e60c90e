import type { Generated } from 'kysely';
import type { TenantId } from '../../platform/data/ids.ts';
import type { CallId, ChatId, ConversationId } from '../../business/tenancy/ids/ids.ts';
import type { JsonColumn, NullableJsonColumn } from '../../platform/data/json-column.ts';

/** One intended effect of a tool; a second use of its key returns the first result. */
export interface ToolLedgerTable {
  tenantId: TenantId;
  idempotencyKey: string;
  /** Set if `chatId` is null. */
  callId: CallId | null;
  turn: number;
  tool: string;
  arguments: JsonColumn<unknown>;
  status: string;
  result: NullableJsonColumn<unknown>;
  createdAt: Generated<Date>;
  completedAt: Date | null;
  /** Id of a chat that is not stored, or of a conversation. */
  chatId: ChatId | ConversationId | null;
}

declare module '../../platform/data/tables.ts' {
  interface Tables {
    toolLedger: ToolLedgerTable;
  }
}
