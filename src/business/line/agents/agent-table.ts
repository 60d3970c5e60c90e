import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { JsonColumn } from '../../../platform/data/json-column.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/ids/ids.ts';

/** Who answers: a draft to work on, and the version that is published. */
export interface AgentTable {
  tenantId: TenantId;
  id: AgentId;
  /** Counts the changes; the ETag is made of it. */
  version: Generated<number>;
  slug: string;
  name: string;
  publishedVersionId: AgentVersionId | null;
  createdAt: Generated<Date>;
  /** An AgentConfig being worked on; parsed by its schema when read. */
  draft: JsonColumn<unknown>;
  archivedAt: Date | null;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    agent: AgentTable;
  }
}

export const agentTable = tenantTable('agent', {
  what: 'agent',
  columns: [
    'id',
    'version',
    'slug',
    'name',
    'publishedVersionId',
    'draft',
    'archivedAt',
    'createdAt',
    'updatedAt',
  ],
});

export type AgentRow = Awaited<ReturnType<typeof agentTable.get>>;
