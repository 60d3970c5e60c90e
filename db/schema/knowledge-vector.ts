import type { KnowledgeSourceId, TenantId } from '../../src/platform/ids.ts';

export interface KnowledgeVectorTable {
  tenantId: TenantId;
  sourceId: KnowledgeSourceId;
  version: number;
  position: number;
  model: string;
  /** pgvector's text form, or bytes on a server without it. */
  embedding: string | Buffer;
}
