import type { Generated } from 'kysely';
import type { CallUsage } from './call-record.ts';
import type { CallCost } from './call.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, CallId, PhoneNumberId } from '../../tenancy/ids/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';

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

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    deletedCall: DeletedCallTable;
  }
}
