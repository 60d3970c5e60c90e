import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { VectorHit } from './find-passages.ts';
import { listVectors, stampOf, type VectorKey } from './vector-queries.ts';

/** The limit for all tenants together: room for thirty with 10,000 chunks each. */
const MAX_BYTES = 640 * 1024 * 1024;
const PAGE_ROWS = 500;
/** About a millisecond of comparing. Between batches the event loop runs, which carries the audio of calls. */
const ROWS_AT_A_TIME = 1_000;

interface VectorRead {
  readonly tx: Tx;
  readonly model: string;
  readonly width: number;
  readonly stamp: string;
}

interface CachedVectors {
  readonly stamp: string;
  readonly keys: readonly VectorKey[];
  /** The vectors, one after the other. */
  readonly values: Float32Array;
}

/** Compares vectors in this process, for databases without pgvector. Those of a tenant are cached until one changes. */
export class VectorMemory {
  readonly #cache = new LRUCache<string, CachedVectors, VectorRead>({
    maxSize: MAX_BYTES,
    // The cache refuses entries of size 0.
    sizeCalculation: ({ values }) => values.byteLength + 1,
    fetchMethod: (_name, _stale, { context }) => read(context),
    ignoreFetchAbort: true,
  });

  async nearest(
    tx: Tx,
    search: { readonly vector: Float32Array; readonly model: string; readonly limit: number },
  ): Promise<readonly VectorHit[]> {
    const { keys, values } = await this.#get(tx, search);
    const best: VectorHit[] = [];
    for (let row = 0; row < keys.length; row += 1) {
      if (row > 0 && row % ROWS_AT_A_TIME === 0) await setImmediate();
      const similarity = innerProduct(search.vector, values, row);
      if (best.length === search.limit && similarity <= best.at(-1)!.similarity) continue;
      const place = best.findIndex((hit) => hit.similarity < similarity);
      best.splice(place === -1 ? best.length : place, 0, { ...keys[row]!, similarity });
      if (best.length > search.limit) best.pop();
    }
    return best;
  }

  async #get(
    tx: Tx,
    { model, vector }: { readonly model: string; readonly vector: Float32Array },
  ): Promise<CachedVectors> {
    const name = `${tx.tenantId} ${model}`;
    const stamp = await stampOf(tx);
    const fetch = (): Promise<CachedVectors> =>
      this.#cache.forceFetch(name, {
        context: { tx, model, width: vector.length, stamp },
        forceRefresh: this.#cache.peek(name)?.stamp !== stamp,
      });
    const cached = await fetch();
    // This request may have joined a read that began before the change.
    return cached.stamp === stamp ? cached : fetch();
  }
}

async function read({ tx, model, width, stamp }: VectorRead): Promise<CachedVectors> {
  const keys: VectorKey[] = [];
  const pages: Buffer[] = [];
  for (;;) {
    const rows = await listVectors(tx, { model, after: keys.at(-1), limit: PAGE_ROWS });
    for (const { sourceId, position } of rows) keys.push({ sourceId, position });
    pages.push(Buffer.concat(rows.map(({ embedding }) => embedding)));
    if (rows.length < PAGE_ROWS) break;
  }
  const bytes = new Uint8Array(keys.length * width * 4);
  let end = 0;
  for (const page of pages) {
    bytes.set(page, end);
    end += page.length;
  }
  return { stamp, keys, values: new Float32Array(bytes.buffer) };
}

function innerProduct(vector: Float32Array, values: Float32Array, row: number): number {
  const start = row * vector.length;
  let sum = 0;
  for (let index = 0; index < vector.length; index += 1) sum += vector[index]! * values[start + index]!;
  return sum;
}
