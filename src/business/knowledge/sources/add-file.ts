import { newId } from '../../../platform/data/ids.ts';
import type { Storage } from '../../../platform/data/storage.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import type { UploadOutcome } from './file.ts';
import { findFileByContent, insertFile, type NewFile } from './file-service.ts';
import { storeUpload, type Upload } from './store-upload.ts';

const MAX_NAME_CHARACTERS = 200;

export interface AddFileDependencies {
  readonly tenancy: Tenancy;
  readonly storage: Storage;
}

/**
 * Stores a file, and enqueues the job that reads it. The file is recognised by its content; a refusal is an outcome and
 * no error. The transaction begins after the upload, which takes as long as the client does.
 */
export async function addFile(
  { tenancy, storage }: AddFileDependencies,
  actor: TenantActor,
  upload: Upload,
): Promise<UploadOutcome> {
  const name = plainName(upload.name);
  const id = newId('kfl');
  const storageKey = `knowledge/${id}`;
  const stored = await storeUpload(storage, storageKey, { ...upload, name });
  if (stored.outcome === 'refused') return { ...stored, name };
  const { mediaType, sizeBytes, contentSha256 } = stored;
  const { language } = upload;
  const file = { id, title: name, language, mediaType, sizeBytes, contentSha256, storageKey };
  try {
    const outcome = await insertOnce(tenancy, actor, file);
    if (outcome.outcome !== 'accepted') await storage.remove(storageKey);
    return { ...outcome, name };
  } catch (error) {
    await storage.remove(storageKey);
    throw error;
  }
}

function insertOnce(tenancy: Tenancy, actor: TenantActor, input: NewFile) {
  return tenancy.run(actor, async (tx) => {
    const added = await insertFile(tx, actor, input);
    if (added !== undefined) return { outcome: 'accepted', file: added } as const;
    const known = await findFileByContent(tx, input.contentSha256);
    // Between the two statements somebody may have removed it.
    if (known === undefined) throw new NotFound('There is no such knowledge file.');
    return { outcome: 'known', file: known } as const;
  });
}

/** The last part of the path, in one line. */
function plainName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  const plain = last
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim();
  return plain === '' ? 'unnamed' : plain.slice(0, MAX_NAME_CHARACTERS).toWellFormed();
}
