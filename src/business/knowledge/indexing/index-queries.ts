import { sql } from 'kysely';
import { z } from 'zod';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { PageRequest } from '../../../platform/data/paging.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';
import type { SourceVersion } from './source-job.ts';

export interface NewChunk {
  readonly headingPath: string;
  readonly body: string;
  readonly bodySha256: string;
  readonly page: number | null;
}

/** Positions count from 0. With arrays, the statement is the same for any number of chunks. */
export async function insertChunks(
  tx: Tx,
  { sourceId, contentVersion }: SourceVersion,
  chunks: readonly NewChunk[],
): Promise<void> {
  await sql`insert into knowledge_chunk
      (tenant_id, source_id, content_version, position, heading_path, body, body_sha256, page)
    select ${tx.tenantId}, ${sourceId}, ${contentVersion}::integer, piece.ordinality - 1,
           heading_path, body, sha256, page
    from unnest(
      ${chunks.map(({ headingPath }) => headingPath)}::text[], ${chunks.map(({ body }) => body)}::text[],
      ${chunks.map(({ bodySha256 }) => bodySha256)}::text[], ${chunks.map(({ page }) => page)}::integer[]
    ) with ordinality as piece(heading_path, body, sha256, page, ordinality)`.execute(tx);
}

export async function deleteOtherContents(
  tx: Tx,
  { sourceId, contentVersion }: SourceVersion,
): Promise<void> {
  await tx
    .deleteFrom('knowledgeChunk')
    .where(matching('knowledgeChunk', { tenantId: tx.tenantId, sourceId }))
    .where('contentVersion', '<>', contentVersion)
    .execute();
}

/** Copies the vectors of chunks whose text is the same as before, which need not be embedded again. */
export async function carryVectorsOver(tx: Tx, { sourceId, contentVersion }: SourceVersion): Promise<void> {
  await sql`insert into knowledge_vector (tenant_id, source_id, content_version, position, model, embedding)
    select distinct on (fresh.position)
      fresh.tenant_id, fresh.source_id, fresh.content_version, fresh.position, vector.model, vector.embedding
    from knowledge_chunk fresh
    join knowledge_chunk old on old.tenant_id = fresh.tenant_id and old.source_id = fresh.source_id
      and old.content_version <> fresh.content_version and old.body_sha256 = fresh.body_sha256
    join knowledge_vector vector on vector.tenant_id = old.tenant_id and vector.source_id = old.source_id
      and vector.content_version = old.content_version and vector.position = old.position
    where fresh.tenant_id = ${tx.tenantId} and fresh.source_id = ${sourceId}
      and fresh.content_version = ${contentVersion}`.execute(tx);
}

export async function deleteWords(tx: Tx, sourceId: KnowledgeSourceId): Promise<void> {
  await tx
    .deleteFrom('knowledgeWord')
    .where(matching('knowledgeWord', { tenantId: tx.tenantId, sourceId }))
    .execute();
}

export interface WordsOf {
  readonly sourceId: KnowledgeSourceId;
  readonly language: string;
  /** PostgreSQL's text search configuration of that language. */
  readonly configuration: string;
  /** Normalised for search, in the order of the chunks. */
  readonly headings: readonly string[];
  readonly bodies: readonly string[];
}

/**
 * Inserts the words of each chunk with their BM25 weights (k1 = 1.2, b = 0.75, an average length of 700 characters). A
 * word of the heading counts like three of the body.
 */
export async function insertWords(tx: Tx, words: WordsOf): Promise<void> {
  const { sourceId, language, configuration, headings, bodies } = words;
  await sql`with piece as (
      select ordinality::integer - 1 as position, heading, body,
             0.25 + 0.75 * (char_length(heading) + char_length(body)) / 700.0 as relative_length
      from unnest(${headings}::text[], ${bodies}::text[]) with ordinality as piece(heading, body, ordinality)),
    counted as (
      select position, relative_length, lexeme, 1.0 * cardinality(positions) as times
      from piece, unnest(to_tsvector(${configuration}::regconfig, body))
      union all
      select position, relative_length, lexeme, 3.0 * cardinality(positions)
      from piece, unnest(to_tsvector(${configuration}::regconfig, heading))),
    weighed as (
      select position, lexeme, sum(times) * 2.2 / (sum(times) + 1.2 * relative_length) as weight
      from counted where char_length(lexeme) <= 64
      group by position, lexeme, relative_length)
    insert into knowledge_word (tenant_id, language, word, source_id, positions, weights)
    select ${tx.tenantId}, ${language}, lexeme, ${sourceId},
           array_agg(position order by position), array_agg(weight::real order by position)
    from weighed group by lexeme`.execute(tx);
}

/** Chunks without a vector of this model. */
export function listUnembedded(
  tx: Tx,
  { sourceId, contentVersion }: SourceVersion,
  { model, limit }: { readonly model: string; readonly limit: number },
) {
  return tx
    .selectFrom('knowledgeChunk as chunk')
    .select(['chunk.position', 'chunk.headingPath', 'chunk.body'])
    .where('chunk.tenantId', '=', tx.tenantId)
    .where('chunk.sourceId', '=', sourceId)
    .where('chunk.contentVersion', '=', contentVersion)
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('knowledgeVector as vector')
            .select('vector.position')
            .whereRef('vector.tenantId', '=', 'chunk.tenantId')
            .whereRef('vector.sourceId', '=', 'chunk.sourceId')
            .whereRef('vector.contentVersion', '=', 'chunk.contentVersion')
            .whereRef('vector.position', '=', 'chunk.position')
            .where('vector.model', '=', model),
        ),
      ),
    )
    .orderBy('chunk.position')
    .limit(limit)
    .execute();
}

export async function countEmbedded(
  tx: Tx,
  { sourceId, contentVersion }: SourceVersion,
  model: string,
): Promise<number> {
  const { count } = await tx
    .selectFrom('knowledgeVector')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where(matching('knowledgeVector', { tenantId: tx.tenantId, sourceId, contentVersion, model }))
    .executeTakeFirstOrThrow();
  return count;
}

const byPosition = keyset({ column: 'knowledgeChunk.position', codec: z.int() });

/** The passages of the last contents that were read. While new ones are being read, these are those before. */
export function listChunks(tx: Tx, sourceId: KnowledgeSourceId, request: PageRequest) {
  const query = tx
    .selectFrom('knowledgeChunk')
    .select(['position', 'headingPath', 'body', 'page'])
    .where(matching('knowledgeChunk', { tenantId: tx.tenantId, sourceId }));
  return byPosition.page(query, request);
}

/** Counts the chunks of all other sources of the tenant. */
export async function countChunksOfOthers(tx: Tx, except: KnowledgeSourceId): Promise<number> {
  const { count } = await tx
    .selectFrom('knowledgeSource')
    .select(sql<number>`coalesce(sum(chunk_count), 0)::integer`.as('count'))
    .where('tenantId', '=', tx.tenantId)
    .where('id', '<>', except)
    .executeTakeFirstOrThrow();
  return count;
}
