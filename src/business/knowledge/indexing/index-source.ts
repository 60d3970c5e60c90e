import { hash } from 'node:crypto';
import type { Tx } from '../../tenancy/tenancy.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';
import type { Chunk } from '../extract/extract.ts';
import * as index from './index-queries.ts';
import { enqueueForSource } from './source-job.ts';
import { normaliseForSearch, textConfiguration } from './search-text.ts';

export const MAX_CHUNKS_PER_SOURCE = 2_000;
export const MAX_CHUNKS_PER_TENANT = 20_000;

export const embedSourceJobName = 'embed-knowledge-source';

/**
 * Replaces the passages of a source by those of its present contents, in the caller's transaction: whoever searches
 * meanwhile finds the whole of one or the whole of the other. Words can be searched once it commits; vectors follow by
 * the job that `enqueueEmbedding` enqueues.
 */
export async function replaceChunks(
  tx: Tx,
  source: { readonly id: KnowledgeSourceId; readonly contentVersion: number; readonly language: string },
  chunks: readonly Chunk[],
): Promise<void> {
  await refuseTooMany(tx, source.id, chunks.length);
  const contents = { sourceId: source.id, contentVersion: source.contentVersion };
  const rows = chunks.map(({ headingPath, body, page }) => ({
    headingPath,
    body,
    bodySha256: hash('sha256', embeddedText({ headingPath, body })),
    page: page ?? null,
  }));
  await index.insertChunks(tx, contents, rows);
  await index.carryVectorsOver(tx, contents);
  await index.deleteOtherContents(tx, contents);
  await index.deleteWords(tx, source.id);
  await index.insertWords(tx, {
    sourceId: source.id,
    language: source.language,
    configuration: textConfiguration(source.language),
    headings: rows.map(({ headingPath }) => normaliseForSearch(headingPath)),
    bodies: rows.map(({ body }) => normaliseForSearch(body)),
  });
}

async function refuseTooMany(tx: Tx, sourceId: KnowledgeSourceId, count: number): Promise<void> {
  if (count > MAX_CHUNKS_PER_SOURCE) {
    throw new Conflict(
      `This is too much text for one source: ${count} passages, of ${MAX_CHUNKS_PER_SOURCE}.`,
      { code: 'source-too-large', data: { passages: count, maxPassages: MAX_CHUNKS_PER_SOURCE } },
    );
  }
  const others = await index.countChunksOfOthers(tx, sourceId);
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

export function enqueueEmbedding(
  tx: Tx,
  source: { readonly id: KnowledgeSourceId; readonly contentVersion: number },
): Promise<void> {
  return enqueueForSource(tx, embedSourceJobName, source);
}
