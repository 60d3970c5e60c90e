import { type Updateable, sql } from 'kysely';
import { matching } from '../../../platform/data/matching.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { type KnowledgeSourceTable, sourceColumns, type SourceRow } from '../knowledge-source-table.ts';
import type { SourceVersion } from './source-job.ts';

/** How far reading and indexing are. */
type Progress = Pick<
  Updateable<KnowledgeSourceTable>,
  'status' | 'failure' | 'contentVersion' | 'chunkCount' | 'embeddedCount' | 'pageCount'
>;

/**
 * Notes how far a source is. Its `version` stays: progress is no edit, and nobody's `If-Match` fails because of it.
 * `updated_at` is the time of the statement, so that it is later than that of any change before (see `stampOf`).
 */
export function setProgress(tx: Tx, id: KnowledgeSourceId, progress: Progress): Promise<SourceRow> {
  return tx
    .updateTable('knowledgeSource')
    .set({ ...progress, updatedAt: sql<Date>`clock_timestamp()` })
    .where(matching('knowledgeSource', { tenantId: tx.tenantId, id }))
    .returning(sourceColumns)
    .executeTakeFirstOrThrow();
}

/** Locks the source; undefined when it is deleted, or has later contents. */
export function lockContents(
  tx: Tx,
  { sourceId: id, contentVersion }: SourceVersion,
): Promise<SourceRow | undefined> {
  return tx
    .selectFrom('knowledgeSource')
    .select(sourceColumns)
    .where(matching('knowledgeSource', { tenantId: tx.tenantId, id, contentVersion }))
    .forUpdate()
    .executeTakeFirst();
}

/** Notes how far these contents are; undefined, and nothing noted, when they are out of date. */
export async function settleContents(
  tx: Tx,
  contents: SourceVersion,
  progress: Progress,
): Promise<SourceRow | undefined> {
  if ((await lockContents(tx, contents)) === undefined) return undefined;
  return setProgress(tx, contents.sourceId, progress);
}
