import { type Updateable, sql } from 'kysely';
import { matching } from '../../../platform/data/matching.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { type KnowledgeSourceTable, sourceColumns, type SourceRow } from '../knowledge-source-table.ts';
import type { SourceVersion } from './source-job.ts';

/** The columns that reading and indexing change. */
type Progress = Pick<
  Updateable<KnowledgeSourceTable>,
  'status' | 'failure' | 'contentVersion' | 'chunkCount' | 'embeddedCount' | 'pageCount'
>;

/**
 * Updates the progress of a source. Its `version` stays: progress is no edit, and no `If-Match` fails because of it.
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

/** Locks the source of these contents; undefined when it is deleted, or has later ones. */
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

/** Updates the progress of these contents; undefined, and no update, when the source is deleted or has later ones. */
export async function settleContents(
  tx: Tx,
  contents: SourceVersion,
  progress: Progress,
): Promise<SourceRow | undefined> {
  if ((await lockContents(tx, contents)) === undefined) return undefined;
  return setProgress(tx, contents.sourceId, progress);
}
