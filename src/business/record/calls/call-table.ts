import type { Generated } from 'kysely';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { CallCost, CallOutcome, CallStatus } from './call.ts';
import type { CallUsage, EndedReason } from './call-record.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type {
  AgentId,
  AgentVersionId,
  CallId,
  CallSid,
  ConversationId,
  CustomerId,
  PhoneNumberId,
} from '../../tenancy/ids/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';

/**
 * A phone call, from ring to hang-up, with what came of it.
 * @projection the journal of the call
 */
export interface CallTable {
  tenantId: TenantId;
  id: CallId;
  callSid: CallSid;
  direction: 'inbound';
  numberId: PhoneNumberId;
  agentId: AgentId;
  agentVersionId: AgentVersionId;
  /** Of the carrier's word for the caller: a number in E.164, or that it is withheld. */
  fromEncrypted: string | null;
  fromIndex: string | null;
  toPhone: string;
  customerId: CustomerId | null;
  conversationId: ConversationId | null;
  status: CallStatus;
  startedAt: Date;
  answeredAt: Date | null;
  endedAt: Date | null;
  endedReason: EndedReason | null;
  durationMs: number | null;
  callerTurnCount: Generated<number>;
  replyCount: Generated<number>;
  interruptionCount: Generated<number>;
  toolCallCount: Generated<number>;
  faultCount: Generated<number>;
  usage: NullableJsonColumn<CallUsage>;
  cost: NullableJsonColumn<CallCost>;
  recordingKey: string | null;
  recordingDurationMs: number | null;
  recordingSizeBytes: number | null;
  outcome: NullableJsonColumn<readonly CallOutcome[]>;
  summary: string | null;
  lastSequence: number;
  finishedAt: Date | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    call: CallTable;
  }
}

/** What lists show of a call. */
export const callSummaryColumns = [
  'id',
  'callSid',
  'direction',
  'numberId',
  'agentId',
  'agentVersionId',
  'fromEncrypted',
  'toPhone',
  'customerId',
  'conversationId',
  'status',
  'startedAt',
  'answeredAt',
  'endedAt',
  'endedReason',
  'durationMs',
  'callerTurnCount',
  'replyCount',
  'interruptionCount',
  'toolCallCount',
  'faultCount',
  'cost',
  'outcome',
  'summary',
  'recordingKey',
  'recordingDurationMs',
  'recordingSizeBytes',
] as const;

/** Ingest and the job that finishes a call write its row; nobody else does. */
export const callTable = tenantTable('call', {
  what: 'call',
  columns: [...callSummaryColumns, 'usage', 'finishedAt'],
});
