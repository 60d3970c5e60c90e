import type { Generated } from 'kysely';
import type { AgentId, AgentVersionId, TenantId } from '../../src/platform/ids.ts';
import type { NullableJsonColumn } from './json-column.ts';

export interface AgentTable {
  tenantId: TenantId;
  id: AgentId;
  slug: string;
  name: string;
  publishedVersionId: AgentVersionId | null;
  createdAt: Generated<Date>;
  /** An AgentConfig being worked on. Null: the published version is what is edited. */
  draft: NullableJsonColumn<unknown>;
  archivedAt: Date | null;
  updatedAt: Generated<Date>;
}
