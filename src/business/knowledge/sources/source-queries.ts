import {
  type KnowledgeKind,
  type KnowledgeMediaType,
  type KnowledgeSourceTable,
  type KnowledgeStatus,
  sourceColumns,
} from '../knowledge-source-table.ts';
import type { Insertable, Updateable } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { KnowledgeFileId, KnowledgeSourceId } from '../../tenancy/ids/ids.ts';

export function insertSource(
  db: Db,
  tenantId: TenantId,
  source: Omit<Insertable<KnowledgeSourceTable>, 'tenantId'>,
) {
  return db
    .insertInto('knowledgeSource')
    .values({ tenantId, ...source })
    .returning(sourceColumns)
    .executeTakeFirstOrThrow();
}

export interface NewFile {
  readonly id: KnowledgeFileId;
  readonly title: string;
  readonly language: string;
  readonly mediaType: KnowledgeMediaType;
  readonly sizeBytes: number;
  readonly contentSha256: string;
  readonly storageKey: string;
}

/** Undefined where there is a file of this content; one that is just being added is waited for. */
export function insertFile(db: Db, tenantId: TenantId, file: NewFile) {
  return db
    .insertInto('knowledgeSource')
    .values({ tenantId, kind: 'file', status: 'queued', ...file })
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'contentSha256']).where('kind', '=', 'file').doNothing(),
    )
    .returning(sourceColumns)
    .executeTakeFirst();
}

export function findSource(db: Db, tenantId: TenantId, sourceId: KnowledgeSourceId) {
  return db
    .selectFrom('knowledgeSource')
    .select(sourceColumns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', sourceId)
    .executeTakeFirst();
}

/** Holds the source until the transaction ends. */
export function lockSource(db: Db, tenantId: TenantId, sourceId: KnowledgeSourceId) {
  return db
    .selectFrom('knowledgeSource')
    .select(sourceColumns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', sourceId)
    .forUpdate()
    .executeTakeFirst();
}

export function findFileByContent(db: Db, tenantId: TenantId, contentSha256: string) {
  return db
    .selectFrom('knowledgeSource')
    .select(sourceColumns)
    .where('tenantId', '=', tenantId)
    .where('kind', '=', 'file')
    .where('contentSha256', '=', contentSha256)
    .executeTakeFirst();
}

export interface SourceFilter {
  readonly kind: KnowledgeKind;
  readonly status?: KnowledgeStatus | undefined;
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Newest first: ids sort by time. */
export function listSources(db: Db, tenantId: TenantId, filter: SourceFilter) {
  const { kind, status, before, limit } = filter;
  return db
    .selectFrom('knowledgeSource')
    .select(sourceColumns)
    .where('tenantId', '=', tenantId)
    .where('kind', '=', kind)
    .$if(status !== undefined, (query) => query.where('status', '=', status!))
    .$if(before !== undefined, (query) => query.where('id', '<', before as KnowledgeSourceId))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export function updateSource(
  db: Db,
  tenantId: TenantId,
  sourceId: KnowledgeSourceId,
  changes: Updateable<KnowledgeSourceTable>,
) {
  return db
    .updateTable('knowledgeSource')
    .set({ ...changes, updatedAt: new Date() })
    .where('tenantId', '=', tenantId)
    .where('id', '=', sourceId)
    .returning(sourceColumns)
    .executeTakeFirstOrThrow();
}

export function deleteSource(db: Db, tenantId: TenantId, sourceId: KnowledgeSourceId) {
  return db
    .deleteFrom('knowledgeSource')
    .where('tenantId', '=', tenantId)
    .where('id', '=', sourceId)
    .execute();
}
