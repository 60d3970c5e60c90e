import { hash } from 'node:crypto';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { KnowledgeSourceId } from '../../tenancy/references/ids.ts';
import { enqueue } from '../../../jobs/jobs.ts';
import type { Chunk } from '../extract/chunk-text.ts';
import * as index from './index-queries.ts';
import * as queries from '../sources/source-queries.ts';
import { normaliseForSearch, textConfiguration } from './search-text.ts';

export const MAX_CHUNKS_PER_SOURCE = 2_000;
export const MAX_CHUNKS_PER_TENANT = 20_000;

/** The names of the jobs, which what promises them needs without what runs them. */
export const extractFileJobName = 'extract-knowledge-file';
export const embedSourceJobName = 'embed-knowledge-source';
export const removeFileJobName = 'remove-knowledge-file';

/**
 * Puts a new reading of a source in the place of the last, in the caller's transaction: whoever searches meanwhile
 * finds the whole of one or the whole of the other, and never two versions. Words can be found when it commits; vectors follow.
 */
export async function replaceChunks(
  transaction: Db,
  tenantId: TenantId,
  source: { readonly id: KnowledgeSourceId; readonly contentVersion: number; readonly language: string },
  chunks: readonly Chunk[],
): Promise<void> {
  await refuseTooMany(transaction, tenantId, source.id, chunks.length);
  const reading = { sourceId: source.id, contentVersion: source.contentVersion };
  const rows = chunks.map(({ headingPath, body, page }) => ({
    headingPath,
    body,
    bodySha256: hash('sha256', embeddedText({ headingPath, body })),
    page: page ?? null,
  }));
  await index.insertChunks(transaction, tenantId, reading, rows);
  await index.carryVectorsOver(transaction, tenantId, reading);
  await index.deleteOtherVersions(transaction, tenantId, reading);
  await index.deleteWords(transaction, tenantId, source.id);
  await index.insertWords(transaction, tenantId, {
    sourceId: source.id,
    language: source.language,
    configuration: textConfiguration(source.language),
    headings: rows.map(({ headingPath }) => normaliseForSearch(headingPath)),
    bodies: rows.map(({ body }) => normaliseForSearch(body)),
  });
}

async function refuseTooMany(
  transaction: Db,
  tenantId: TenantId,
  sourceId: KnowledgeSourceId,
  count: number,
): Promise<void> {
  if (count > MAX_CHUNKS_PER_SOURCE) {
    throw new Conflict(
      `This is too much text for one source: ${count} passages, of ${MAX_CHUNKS_PER_SOURCE}.`,
      { code: 'source-too-large', data: { passages: count, maxPassages: MAX_CHUNKS_PER_SOURCE } },
    );
  }
  const others = await queries.countChunks(transaction, tenantId, sourceId);
  if (others + count > MAX_CHUNKS_PER_TENANT) {
    throw new Conflict(
      `There is room for ${MAX_CHUNKS_PER_TENANT} passages, and ${others} are taken. Remove what is not needed any more.`,
      { code: 'knowledge-full', data: { maxPassages: MAX_CHUNKS_PER_TENANT } },
    );
  }
}

/** The heading says what a passage is about: it is embedded with it. */
export function embeddedText({ headingPath, body }: Pick<Chunk, 'headingPath' | 'body'>): string {
  return headingPath === '' ? body : `${headingPath}\n${body}`;
}

export async function promiseEmbedding(
  transaction: Db,
  tenantId: TenantId,
  { id, contentVersion }: { readonly id: KnowledgeSourceId; readonly contentVersion: number },
): Promise<void> {
  await promise(transaction, tenantId, embedSourceJobName, { sourceId: id, contentVersion });
}

export async function promiseExtraction(
  transaction: Db,
  tenantId: TenantId,
  { id, contentVersion }: { readonly id: KnowledgeSourceId; readonly contentVersion: number },
): Promise<void> {
  await promise(transaction, tenantId, extractFileJobName, { sourceId: id, contentVersion });
}

function promise(
  transaction: Db,
  tenantId: TenantId,
  job: string,
  { sourceId, contentVersion }: { readonly sourceId: KnowledgeSourceId; readonly contentVersion: number },
): Promise<void> {
  return enqueue(transaction, {
    tenantId,
    job,
    data: { tenantId, sourceId, contentVersion },
    jobId: `${job}-${sourceId}-${contentVersion}`,
  });
}
