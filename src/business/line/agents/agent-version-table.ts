import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { JsonColumn } from '../../../platform/data/json-column.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/ids/ids.ts';

/** What was published. A call records the version that answered it, so a version never changes. */
export interface AgentVersionTable {
  tenantId: TenantId;
  id: AgentVersionId;
  agentId: AgentId;
  /** Counts the versions of the agent, from 1. */
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

export const agentVersionTable = tenantTable('agentVersion', {
  what: 'version of an agent',
  columns: ['id', 'agentId', 'version', 'config', 'publishedBy', 'createdAt'],
});

export type AgentVersionRow = Awaited<ReturnType<typeof agentVersionTable.get>>;
