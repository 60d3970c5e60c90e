import type { Generated } from 'kysely';
import type { AgentId, PhoneNumberId, TenantId } from '../../src/platform/ids.ts';

export interface PhoneNumberTable {
  tenantId: TenantId;
  id: PhoneNumberId;
  /** E.164. */
  number: string;
  agentId: AgentId;
  createdAt: Generated<Date>;
}
