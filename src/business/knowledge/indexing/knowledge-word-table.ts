import type { TenantId } from '../../../platform/data/ids.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';

/**
 * A stem, and the passages of a source that contain it, with their weights.
 * @projection the passages of the source
 */
export interface KnowledgeWordTable {
  tenantId: TenantId;
  language: string;
  word: string;
  sourceId: KnowledgeSourceId;
  positions: number[];
  weights: number[];
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    knowledgeWord: KnowledgeWordTable;
  }
}
