import type { Generated } from 'kysely';
import type { TimedWord, ToolStatus, TurnLatency } from './call-record.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, ReplyId } from '../../tenancy/ids/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';

/**
 * What the caller said, what was heard of the agent, and each tool call.
 * @projection the journal of the call
 */
export interface CallTurnTable {
  tenantId: TenantId;
  callId: CallId;
  sequence: number;
  kind: 'caller' | 'agent' | 'tool';
  turn: number;
  startOffsetMs: number;
  endOffsetMs: number | null;
  at: Date;
  text: string | null;
  source: 'speech' | 'digits' | null;
  words: NullableJsonColumn<readonly TimedWord[]>;
  replyId: ReplyId | null;
  replyKind: string | null;
  generatedText: string | null;
  heardMs: number | null;
  interrupted: Generated<boolean>;
  interruptionCause: string | null;
  latency: NullableJsonColumn<Partial<TurnLatency>>;
  toolCallId: string | null;
  tool: string | null;
  arguments: NullableJsonColumn<unknown>;
  result: NullableJsonColumn<unknown>;
  toolStatus: ToolStatus | null;
  durationMs: number | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    callTurn: CallTurnTable;
  }
}
