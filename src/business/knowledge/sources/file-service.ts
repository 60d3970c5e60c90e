import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, NotFound } from '../../../platform/process/errors.ts';
import { newId } from '../../../platform/data/ids.ts';
import type { KnowledgeFileId } from '../../tenancy/ids/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { enqueue } from '../../../jobs/jobs.ts';
import type { Storage } from '../../../platform/data/storage.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { recordChange } from '../../tenancy/audit/audit.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { inTenant } from '../../tenancy/tenants/tenants.ts';
import { keepUpload, type Upload } from './keep-upload.ts';
import { enqueueForSource, listChunks } from '../indexing/indexing.ts';
import * as queries from './source-queries.ts';
import { fileOf, type FileView, type KnowledgeFile, presentFile } from './source.ts';

/** The names of the jobs, which whoever enqueues them needs without what runs them. */
export const extractFileJobName = 'extract-knowledge-file';
export const removeFileJobName = 'remove-knowledge-file';

const MAX_NAME_CHARACTERS = 200;

export type UploadOutcome =
  | { readonly outcome: 'accepted' | 'known'; readonly name: string; readonly file: KnowledgeFile }
  | { readonly outcome: 'refused'; readonly name: string; readonly reason: string };

interface FileDependencies {
  readonly db: Db;
  readonly storage: Storage;
}

/** Keeps a file and promises that it is read. What it is goes by its content; refusing it is an outcome, no error. */
export async function addFile(
  { db, storage }: FileDependencies,
  actor: TenantActor,
  upload: Upload,
): Promise<UploadOutcome> {
  const name = plainName(upload.name);
  const id = newId('kfl');
  const storageKey = `knowledge/${id}`;
  const kept = await keepUpload(storage, storageKey, { ...upload, name });
  if (kept.outcome === 'refused') return { ...kept, name };
  const { mediaType, sizeBytes, contentSha256 } = kept;
  const { tenantId } = actor;
  const file = {
    id,
    title: name,
    language: upload.language,
    mediaType,
    sizeBytes,
    contentSha256,
    storageKey,
  };
  try {
    const outcome = await inTenant(db, tenantId, (transaction) => insertOnce(transaction, actor, file));
    if (outcome.outcome !== 'accepted') await storage.remove(storageKey);
    return { ...outcome, name };
  } catch (error) {
    await storage.remove(storageKey);
    throw error;
  }
}

async function insertOnce(
  transaction: Tx,
  actor: TenantActor,
  file: queries.NewFile,
): Promise<{ readonly outcome: 'accepted' | 'known'; readonly file: KnowledgeFile }> {
  const { tenantId } = actor;
  const row = await queries.insertFile(transaction, tenantId, file);
  if (row === undefined) {
    const known = existing(await queries.findFileByContent(transaction, tenantId, file.contentSha256));
    return { outcome: 'known', file: fileOf(known) };
  }
  await enqueueForSource(transaction, extractFileJobName, row);
  await recordChange(transaction, actor, {
    action: 'knowledge-file.added',
    resource: 'knowledge-file',
    resourceId: file.id,
    after: { name: file.title, mediaType: file.mediaType, sizeBytes: file.sizeBytes },
  });
  return { outcome: 'accepted', file: fileOf(row) };
}

export function getFile(db: Db, actor: TenantActor, fileId: KnowledgeFileId): Promise<KnowledgeFile> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) =>
    fileOf(existing(await queries.findSource(transaction, tenantId, fileId))),
  );
}

/** Newest first. */
export function listFiles(
  db: Db,
  actor: TenantActor,
  page: PageRequest & { readonly status?: KnowledgeFile['status'] | undefined },
): Promise<Page<FileView>> {
  const { tenantId } = actor;
  const before = page.cursor === undefined ? undefined : decodeCursor(page.cursor, z.tuple([z.string()]))[0];
  const { status, limit } = page;
  return inTenant(db, tenantId, async (transaction) => {
    const filter = { kind: 'file', status, before, limit: limit + 1 } as const;
    const rows = await queries.listSources(transaction, tenantId, filter);
    return toPage(
      rows,
      limit,
      ({ id }) => [id],
      (row) => presentFile(fileOf(row)),
    );
  });
}

/** Reads the file anew. What was read before is found until the new reading is complete. */
export function resyncFile(db: Db, actor: TenantActor, fileId: KnowledgeFileId): Promise<KnowledgeFile> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const { status, contentVersion } = existing(await queries.lockSource(transaction, tenantId, fileId));
    if (status === 'queued' || status === 'extracting') {
      throw new Conflict('This file is being read just now; wait until it is ready or has failed.', {
        code: 'file-being-read',
      });
    }
    const row = await queries.updateSource(transaction, tenantId, fileId, {
      status: 'queued',
      failure: null,
      contentVersion: contentVersion + 1,
    });
    await enqueueForSource(transaction, extractFileJobName, row);
    await recordChange(transaction, actor, {
      action: 'knowledge-file.resynced',
      resource: 'knowledge-file',
      resourceId: fileId,
    });
    return fileOf(row);
  });
}

/** What was read from it goes at once, the file itself right after. */
export function removeFile(db: Db, actor: TenantActor, fileId: KnowledgeFileId): Promise<void> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const file = fileOf(existing(await queries.lockSource(transaction, tenantId, fileId)));
    await queries.deleteSource(transaction, tenantId, fileId);
    await enqueue(transaction, {
      tenantId,
      job: removeFileJobName,
      data: { storageKey: file.storageKey },
      jobId: `${removeFileJobName}-${fileId}`,
    });
    await recordChange(transaction, actor, {
      action: 'knowledge-file.removed',
      resource: 'knowledge-file',
      resourceId: fileId,
      before: { name: file.name, mediaType: file.mediaType, sizeBytes: file.sizeBytes },
    });
  });
}

export interface StoredPassage {
  readonly position: number;
  readonly headingPath: string;
  readonly text: string;
  readonly page: number | null;
}

/** What was read, in the order of the file, for a person to look over. */
export function listPassages(
  db: Db,
  actor: TenantActor,
  fileId: KnowledgeFileId,
  { cursor, limit }: PageRequest,
): Promise<Page<StoredPassage>> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    existing(await queries.findSource(transaction, tenantId, fileId));
    const { data, nextCursor } = await listChunks(transaction, fileId, { cursor, limit });
    return { data: data.map(({ body, ...rest }) => ({ ...rest, text: body })), nextCursor };
  });
}

function existing<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFound('There is no such knowledge file.');
  return row;
}

/** As it is shown: the last part of a path, in one line. */
function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const plain = last
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  return plain === '' ? 'unnamed' : plain.slice(0, MAX_NAME_CHARACTERS).toWellFormed();
}
