import type { Generated } from 'kysely';
import type { AgentId, AgentVersionId, TenantId } from '../../src/platform/ids.ts';
import type { JsonColumn } from './json-column.ts';

export interface AgentVersionTable {
  tenantId: TenantId;
  id: AgentVersionId;
  agentId: AgentId;
  version: number;
  /** An AgentConfig as it was published; parsed by its schema when read. */
  config: JsonColumn<unknown>;
  createdAt: Generated<Date>;
  /** Who published it, as the audit log names people and keys. */
  publishedBy: string | null;
}
