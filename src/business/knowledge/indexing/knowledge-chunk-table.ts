import type { TenantId } from '../../../platform/data/ids.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';

/**
 * A passage of a source, as searches find it.
 * @projection the contents of the source
 */
export interface KnowledgeChunkTable {
  tenantId: TenantId;
  sourceId: KnowledgeSourceId;
  contentVersion: number;
  position: number;
  headingPath: string;
  body: string;
  bodySha256: string;
  page: number | null;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    knowledgeChunk: KnowledgeChunkTable;
  }
}
