import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/references/ids.ts';
import type { NullableJsonColumn } from '../../../platform/data/json-column.ts';

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
  /** An AgentConfig being worked on. Null: the published version is what is edited. */
  draft: NullableJsonColumn<unknown>;
  archivedAt: Date | null;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    agent: AgentTable;
  }
}
