import type { KnowledgeSourceId, TenantId } from '../../src/platform/ids.ts';

export interface KnowledgeChunkTable {
  tenantId: TenantId;
  sourceId: KnowledgeSourceId;
  version: number;
  position: number;
  headingPath: string;
  body: string;
  bodySha256: string;
  page: number | null;
}
