import type { Generated } from 'kysely';
import type { TenantId } from '../../platform/data/ids.ts';
import type { KnowledgeSourceId } from '../tenancy/references/ids.ts';

export type KnowledgeKind = 'entry' | 'file';
export type KnowledgeStatus = 'queued' | 'extracting' | 'embedding' | 'ready' | 'failed';
export type KnowledgeMediaType =
  | 'application/pdf'
  | 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
  | 'text/plain'
  | 'text/markdown';

/** What a business has written down for its agent: an entry, or a file. */
export interface KnowledgeSourceTable {
  tenantId: TenantId;
  id: KnowledgeSourceId;
  kind: KnowledgeKind;
  title: string;
  body: string | null;
  language: string;
  status: KnowledgeStatus;
  failure: string | null;
  contentVersion: Generated<number>;
  chunkCount: Generated<number>;
  embeddedCount: Generated<number>;
  mediaType: KnowledgeMediaType | null;
  sizeBytes: number | null;
  pageCount: number | null;
  contentSha256: string | null;
  storageKey: string | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../platform/data/tables.ts' {
  interface Tables {
    knowledgeSource: KnowledgeSourceTable;
  }
}
