import type { KnowledgeSourceId, TenantId } from '../../src/platform/ids.ts';

export interface KnowledgeWordTable {
  tenantId: TenantId;
  language: string;
  word: string;
  sourceId: KnowledgeSourceId;
  positions: number[];
  weights: number[];
}
