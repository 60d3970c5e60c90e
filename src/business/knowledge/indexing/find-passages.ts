import { sql } from 'kysely';
import type { KnowledgeKind } from '../knowledge-source-table.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';

/** A chunk that a search found. */
export interface FoundChunk {
  readonly sourceId: KnowledgeSourceId;
  readonly position: number;
  readonly kind: KnowledgeKind;
  readonly title: string;
  readonly headingPath: string;
  readonly body: string;
  readonly page: number | null;
}

export interface TextHit extends FoundChunk {
  /** The share of the question's words in the chunk, 0 to 1; rare words weigh more. */
  readonly coverage: number;
}

export interface VectorHit {
  readonly sourceId: KnowledgeSourceId;
  readonly position: number;
  /** The cosine, -1 to 1. */
  readonly similarity: number;
}

/** The languages of a tenant's sources; each has its own stems. */
export async function listLanguages(tx: Tx): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('knowledgeSource')
    .select('language')
    .distinct()
    .where('tenantId', '=', tx.tenantId)
    .execute();
  return rows.map(({ language }) => language);
}

export interface TextSearch {
  readonly question: string;
  readonly languages: readonly string[];
  /** PostgreSQL's text search configuration of each language. */
  readonly configurations: readonly string[];
  readonly limit: number;
}

/** Searches by words with BM25: any word may be missing, and rare words weigh more. The best come first. */
export async function searchWords(
  tx: Tx,
  { question, languages, configurations, limit }: TextSearch,
): Promise<readonly TextHit[]> {
  const { rows } = await sql<TextHit>`with asked as (
      select language, lexeme as word
      from unnest(${languages}::text[], ${configurations}::text[]) as spoken(language, configuration),
           unnest(to_tsvector(configuration::regconfig, ${question}))
      limit 64),
    size as (
      select language, sum(chunk_count)::float8 as chunks
      from knowledge_source where tenant_id = ${tx.tenantId} group by language),
    posting as materialized (
      select entry.language, entry.word, entry.source_id, entry.positions, entry.weights
      from asked join knowledge_word entry
        on entry.tenant_id = ${tx.tenantId} and entry.language = asked.language and entry.word = asked.word),
    rarity as (
      select asked.language, asked.word,
             -- A word that no chunk contains weighs as much as one in a single chunk: it may be the point of the question.
             ln(1 + (size.chunks - coalesce(found.chunks, 1) + 0.5) / (coalesce(found.chunks, 1) + 0.5)) as idf
      from asked join size using (language)
      left join (select language, word, sum(cardinality(positions))::float8 as chunks
                 from posting group by language, word) found using (language, word)),
    best as (
      select source_id, position, sum(weight * idf) as score,
             sum(idf) / (select sum(idf) from rarity whole where whole.language = posting.language) as coverage
      from posting join rarity using (language, word), unnest(positions, weights) as hit(position, weight)
      group by posting.language, source_id, position
      order by score desc, source_id, position limit ${limit})
    select best.source_id, best.position, source.kind, source.title, chunk.heading_path, chunk.body, chunk.page,
           best.coverage::float8 as coverage
    from best
    join knowledge_source source on source.tenant_id = ${tx.tenantId} and source.id = best.source_id
    join knowledge_chunk chunk on chunk.tenant_id = ${tx.tenantId} and chunk.source_id = best.source_id
      and chunk.position = best.position
    order by best.score desc, best.source_id, best.position`.execute(tx);
  return rows;
}

/** Reads the chunks of these hits, in the same order. */
export async function readChunks(
  tx: Tx,
  hits: readonly VectorHit[],
): Promise<readonly (FoundChunk & VectorHit)[]> {
  const { rows } = await sql<FoundChunk & VectorHit>`
    select hit.source_id, hit.position, hit.similarity, source.kind, source.title, chunk.heading_path, chunk.body,
           chunk.page
    from unnest(${hits.map(({ sourceId }) => sourceId)}::text[], ${hits.map(({ position }) => position)}::integer[],
                ${hits.map(({ similarity }) => similarity)}::float8[])
         with ordinality as hit(source_id, position, similarity, rank)
    join knowledge_source source on source.tenant_id = ${tx.tenantId} and source.id = hit.source_id
    join knowledge_chunk chunk on chunk.tenant_id = ${tx.tenantId} and chunk.source_id = hit.source_id
      and chunk.position = hit.position
    order by hit.rank`.execute(tx);
  return rows;
}
