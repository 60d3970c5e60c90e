import type { TenantId } from '../../../platform/data/ids.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';

/**
 * The meaning of a passage, as a vector of length 1.
 * @projection the passage, by an embedding model
 */
export interface KnowledgeVectorTable {
  tenantId: TenantId;
  sourceId: KnowledgeSourceId;
  contentVersion: number;
  position: number;
  model: string;
  /** pgvector's text form, or bytes on a server without it. */
  embedding: string | Buffer;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    knowledgeVector: KnowledgeVectorTable;
  }
}
