import type { Generated } from 'kysely';
import type { AgentId, AgentVersionId, TenantId } from '../../src/platform/ids.ts';

export interface AgentTable {
  tenantId: TenantId;
  id: AgentId;
  slug: string;
  name: string;
  publishedVersionId: AgentVersionId | null;
  createdAt: Generated<Date>;
}
