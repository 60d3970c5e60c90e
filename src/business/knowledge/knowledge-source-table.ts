import type { Generated, Selectable } from 'kysely';
import type { TenantId } from '../../platform/data/ids.ts';
import { tenantTable } from '../../platform/data/tenant-table.ts';
import type { KnowledgeSourceId } from '../tenancy/ids/ids.ts';

export const sourceStatuses = ['queued', 'extracting', 'embedding', 'ready', 'failed'] as const;
export type KnowledgeStatus = (typeof sourceStatuses)[number];
export type KnowledgeKind = 'entry' | 'file';
export const mediaTypes = [
  'application/pdf',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  'text/plain',
  'text/markdown',
] as const;
export type KnowledgeMediaType = (typeof mediaTypes)[number];

/** What a business has written down for its agent: an entry, or a file. */
export interface KnowledgeSourceTable {
  tenantId: TenantId;
  id: KnowledgeSourceId;
  /** Counts what people change; the ETag is made of it. Reading and indexing do not count. */
  version: Generated<number>;
  kind: KnowledgeKind;
  /** The question of an entry, the name of a file. */
  title: string;
  /** The answer of an entry. */
  body: string | null;
  language: string;
  status: KnowledgeStatus;
  failure: string | null;
  /** Counts each new text and each new reading of a file: chunks, vectors and jobs belong to one of them. */
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

export const sourceColumns = [
  'id',
  'version',
  'kind',
  'title',
  'body',
  'language',
  'status',
  'failure',
  'contentVersion',
  'chunkCount',
  'embeddedCount',
  'mediaType',
  'sizeBytes',
  'pageCount',
  'contentSha256',
  'storageKey',
  'createdAt',
  'updatedAt',
] as const;

export type SourceRow = Pick<Selectable<KnowledgeSourceTable>, (typeof sourceColumns)[number]>;

/** Entries and files are rows of one table. Each kind reads and changes its own, by ids of its own prefix. */
export const entryTable = tenantTable('knowledgeSource', { what: 'knowledge entry', columns: sourceColumns });
export const fileTable = tenantTable('knowledgeSource', { what: 'knowledge file', columns: sourceColumns });
