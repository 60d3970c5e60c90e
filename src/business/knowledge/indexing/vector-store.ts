import { sql } from 'kysely';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { SourceVersion } from './source-job.ts';
import type { VectorHit } from './find-passages.ts';
import { VectorMemory } from './vector-memory.ts';
import * as queries from './vector-queries.ts';

/** The server compares with pgvector; without it, this process does, over vectors that it caches. */
type Comparison = 'server' | 'process';

/** The vectors of chunks, however the database stores them. */
export class VectorStore {
  #comparison: Comparison | undefined;
  readonly #memory = new VectorMemory();

  async write(
    tx: Tx,
    source: SourceVersion,
    vectors: {
      readonly model: string;
      readonly positions: readonly number[];
      readonly vectors: readonly Float32Array[];
    },
  ): Promise<void> {
    const comparison = await this.#kind(tx);
    const embeddings = vectors.vectors.map((vector) => formatVector(vector, comparison));
    await queries.insertVectors(tx, source, { ...vectors, embeddings });
  }

  /** The nearest vectors of the tenant, by an exact comparison. */
  async nearest(
    tx: Tx,
    search: { readonly vector: Float32Array; readonly model: string; readonly limit: number },
  ): Promise<readonly VectorHit[]> {
    const { vector, model, limit } = search;
    if ((await this.#kind(tx)) === 'process') return this.#memory.nearest(tx, search);
    const { rows } = await sql<VectorHit>`
      select source_id, position, -(embedding <#> ${formatVector(vector, 'server')}::vector) as similarity
      from knowledge_vector
      where tenant_id = ${tx.tenantId} and model = ${model}
      order by embedding <#> ${formatVector(vector, 'server')}::vector limit ${limit}`.execute(tx);
    return rows;
  }

  /** The migration decides it, and it stays so as long as the database does. */
  async #kind(tx: Tx): Promise<Comparison> {
    this.#comparison ??= (await queries.columnType(tx)) === 'bytea' ? 'process' : 'server';
    return this.#comparison;
  }
}

/** A vector in pgvector's text form, or as hexadecimal bytes: float32, little-endian as on all supported machines. */
function formatVector(vector: Float32Array, comparison: Comparison): string {
  if (comparison === 'server') return `[${vector.join(',')}]`;
  return `\\x${Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('hex')}`;
}
