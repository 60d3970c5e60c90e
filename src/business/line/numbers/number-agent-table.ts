import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/ids/ids.ts';

/** An agent that answers a number, in proportion to the weights of the others. */
export interface NumberAgentTable {
  tenantId: TenantId;
  numberId: PhoneNumberId;
  agentId: AgentId;
  weight: number;
  createdAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    numberAgent: NumberAgentTable;
  }
}
