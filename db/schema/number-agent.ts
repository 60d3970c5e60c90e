import type { Generated } from 'kysely';
import type { AgentId, PhoneNumberId, TenantId } from '../../src/platform/ids.ts';

/** An agent that answers a number, in proportion to the weights of the others. */
export interface NumberAgentTable {
  tenantId: TenantId;
  numberId: PhoneNumberId;
  agentId: AgentId;
  weight: number;
  createdAt: Generated<Date>;
}
