import { sql } from 'kysely';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { KnowledgeSourceId } from '../../tenancy/ids/ids.ts';
import type { SourceVersion } from './source-job.ts';

/** The type of the column of vectors: `vector(512)`, or `bytea` where pgvector is not installed. */
export async function columnType(tx: Tx): Promise<string> {
  const { rows } = await sql<{ type: string }>`
    select format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = 'knowledge_vector'::regclass and attname = 'embedding'`.execute(tx);
  return rows[0]!.type;
}

/** Inserts vectors; `embeddings` are in the text form of the column's type. */
export async function insertVectors(
  tx: Tx,
  { sourceId, contentVersion }: SourceVersion,
  rows: {
    readonly model: string;
    readonly positions: readonly number[];
    readonly embeddings: readonly string[];
  },
): Promise<void> {
  if (rows.positions.length === 0) return;
  await tx
    .insertInto('knowledgeVector')
    .values(
      rows.positions.map((position, index) => ({
        tenantId: tx.tenantId,
        sourceId,
        contentVersion,
        position,
        model: rows.model,
        embedding: rows.embeddings[index]!,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'sourceId', 'contentVersion', 'position']).doUpdateSet((row) => ({
        model: row.ref('excluded.model'),
        embedding: row.ref('excluded.embedding'),
      })),
    )
    .execute();
}

/** A version of all vectors of the tenant: it changes whenever one of them does. */
export async function stampOf(tx: Tx): Promise<string> {
  const { rows } = await sql<{ stamp: string }>`
    select concat_ws(' ', count(*), sum(content_version), sum(embedded_count), max(updated_at)) as stamp
    from knowledge_source where tenant_id = ${tx.tenantId}`.execute(tx);
  return rows[0]!.stamp;
}

export interface VectorKey {
  readonly sourceId: KnowledgeSourceId;
  readonly position: number;
}

/** A page in the order of the primary key. */
export async function listVectors(
  tx: Tx,
  page: { readonly model: string; readonly after: VectorKey | undefined; readonly limit: number },
): Promise<readonly (VectorKey & { readonly embedding: Buffer })[]> {
  const { model, after, limit } = page;
  const { rows } = await sql<VectorKey & { embedding: Buffer }>`
    select vector.source_id, vector.position, vector.embedding
    from knowledge_vector vector
    where vector.tenant_id = ${tx.tenantId} and vector.model = ${model}
      and (vector.source_id, vector.position) > (${after?.sourceId ?? ''}, ${after?.position ?? -1}::integer)
    order by vector.source_id, vector.position limit ${limit}`.execute(tx);
  return rows;
}
