import { enqueue } from '../../../jobs/jobs.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { KnowledgeFileId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { enqueueForSource, listChunks, setProgress } from '../indexing/indexing.ts';
import { fileTable, type KnowledgeMediaType, sourceColumns } from '../knowledge-source-table.ts';
import { type KnowledgeFile, type StoredPassage, toFile } from './file.ts';
import { knowledgeFileEvents } from './file-events.ts';
import { listSources, type SourceQuery } from './source.ts';

/* The names of the jobs, which are enqueued here and run in `file-jobs.ts`. */
export const extractFileJobName = 'extract-knowledge-file';
export const removeFileJobName = 'remove-knowledge-file';

/** A file that is in storage already. */
export interface NewFile {
  readonly id: KnowledgeFileId;
  readonly title: string;
  readonly language: string;
  readonly mediaType: KnowledgeMediaType;
  readonly sizeBytes: number;
  readonly contentSha256: string;
  readonly storageKey: string;
}

/** Undefined where there is a file of this content already, after waiting for one that is just being added. */
export async function insertFile(
  tx: Tx,
  actor: TenantActor,
  input: NewFile,
): Promise<KnowledgeFile | undefined> {
  const row = await fileTable.insert(tx, { ...input, kind: 'file', status: 'queued' });
  if (row === undefined) return undefined;
  await enqueueForSource(tx, extractFileJobName, row);
  const after = toFile(row);
  await happened(tx, actor, knowledgeFileEvents.added({ subject: after.id, after }));
  return after;
}

export async function findFileByContent(tx: Tx, contentSha256: string): Promise<KnowledgeFile | undefined> {
  const row = await tx
    .selectFrom('knowledgeSource')
    .select(sourceColumns)
    .where(matching('knowledgeSource', { tenantId: tx.tenantId, kind: 'file', contentSha256 }))
    .executeTakeFirst();
  return row === undefined ? undefined : toFile(row);
}

export async function getFile(tx: Tx, id: KnowledgeFileId): Promise<KnowledgeFile> {
  return toFile(await fileTable.get(tx, id));
}

/** Newest first. */
export async function listFiles(tx: Tx, query: SourceQuery): Promise<Page<KnowledgeFile>> {
  const { data, nextCursor } = await listSources(tx, 'file', query);
  return { data: data.map(toFile), nextCursor };
}

/** Reads the file anew. What was read before is found until the new reading is complete. */
export async function resyncFile(tx: Tx, actor: TenantActor, id: KnowledgeFileId): Promise<KnowledgeFile> {
  const { status, contentVersion } = await fileTable.lock(tx, id);
  if (status === 'queued' || status === 'extracting') {
    throw new Conflict('This file is being read just now; wait until it is ready or has failed.', {
      code: 'file-being-read',
    });
  }
  const row = await setProgress(tx, id, {
    status: 'queued',
    failure: null,
    contentVersion: contentVersion + 1,
  });
  await enqueueForSource(tx, extractFileJobName, row);
  await happened(tx, actor, knowledgeFileEvents.resynced({ subject: id }));
  return toFile(row);
}

/** Removes what was read from the file; a job removes the file itself from storage. */
export async function removeFile(tx: Tx, actor: TenantActor, id: KnowledgeFileId): Promise<void> {
  const row = await fileTable.lock(tx, id);
  await fileTable.remove(tx, id);
  await enqueue(tx, {
    tenantId: tx.tenantId,
    job: removeFileJobName,
    data: { storageKey: row.storageKey },
    jobId: `${removeFileJobName}-${id}`,
  });
  await happened(tx, actor, knowledgeFileEvents.removed({ subject: id, before: toFile(row) }));
}

/** The passages that were read, in the order of the file. */
export async function listPassages(
  tx: Tx,
  id: KnowledgeFileId,
  page: PageRequest,
): Promise<Page<StoredPassage>> {
  await fileTable.get(tx, id);
  const { data, nextCursor } = await listChunks(tx, id, page);
  return { data: data.map(({ body: text, ...rest }) => ({ ...rest, text })), nextCursor };
}
