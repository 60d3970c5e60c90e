import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/references/ids.ts';
import type { JsonColumn } from '../../../platform/data/json-column.ts';

/** What was published; a call records the version that answered it, so that it is never changed. */
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

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    agentVersion: AgentVersionTable;
  }
}
