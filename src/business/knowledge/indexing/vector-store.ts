import { sql } from 'kysely';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { SourceVersion } from './source-job.ts';
import type { VectorHit } from './find-passages.ts';
import { VectorMemory } from './vector-memory.ts';
import * as queries from './vector-queries.ts';

/** Where pgvector is, the server compares; elsewhere this process does, over vectors it keeps in memory. */
type Comparison = 'server' | 'process';

/** The vectors of chunks, whichever way the database keeps them. One per process. */
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
    const embeddings = vectors.vectors.map((vector) => written(vector, comparison));
    await queries.insertVectors(tx, source, { ...vectors, embeddings });
  }

  /** The nearest first. Exact, within the tenant's transaction. */
  async nearest(
    tx: Tx,
    search: { readonly vector: Float32Array; readonly model: string; readonly limit: number },
  ): Promise<readonly VectorHit[]> {
    const { vector, model, limit } = search;
    if ((await this.#kind(tx)) === 'process') return this.#memory.nearest(tx, search);
    const { rows } = await sql<VectorHit>`
      select source_id, position, -(embedding <#> ${written(vector, 'server')}::vector) as similarity
      from knowledge_vector
      where tenant_id = ${tx.tenantId} and model = ${model}
      order by embedding <#> ${written(vector, 'server')}::vector limit ${limit}`.execute(tx);
    return rows;
  }

  /** The migration has decided it for the life of the database. */
  async #kind(tx: Tx): Promise<Comparison> {
    this.#comparison ??= (await queries.columnType(tx)) === 'bytea' ? 'process' : 'server';
    return this.#comparison;
  }
}

/** pgvector's text form, or the hexadecimal form of bytes: little-endian float32, as every machine we run on has it. */
function written(vector: Float32Array, comparison: Comparison): string {
  if (comparison === 'server') return `[${vector.join(',')}]`;
  return `\\x${Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('hex')}`;
}
