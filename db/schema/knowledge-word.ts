import type { KnowledgeSourceId, TenantId } from '../../src/platform/ids.ts';

export interface KnowledgeWordTable {
  tenantId: TenantId;
  word: string;
  sourceId: KnowledgeSourceId;
  positions: number[];
  weights: number[];
}
