import type { Generated } from 'kysely';
import type { CallUsage } from '../../src/business/calls/call-event.ts';
import type { CallCost } from '../../src/business/calls/cost.ts';
import type { AgentId, CallId, PhoneNumberId, TenantId } from '../../src/platform/ids.ts';
import type { NullableJsonColumn } from './json-column.ts';

/** A deleted call's part in the totals. */
export interface DeletedCallTable {
  tenantId: TenantId;
  id: CallId;
  numberId: PhoneNumberId;
  agentId: AgentId;
  startedAt: Date;
  wasAnswered: boolean;
  durationMs: number;
  usage: NullableJsonColumn<CallUsage>;
  cost: NullableJsonColumn<CallCost>;
  deletedAt: Generated<Date>;
}
