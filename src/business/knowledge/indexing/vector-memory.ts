import { setImmediate } from 'node:timers/promises';
import { LRUCache } from 'lru-cache';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { VectorHit } from './find-passages.ts';
import { listVectors, stampOf, type VectorKey } from './vector-queries.ts';

/** Of all tenants together: thirty with 10,000 chunks each. */
const MAX_BYTES = 640 * 1024 * 1024;
const PAGE_ROWS = 500;
/** A millisecond of comparing; the audio of calls shares this thread. */
const ROWS_AT_A_TIME = 1_000;

interface Wanted {
  readonly tx: Tx;
  readonly model: string;
  readonly width: number;
  readonly stamp: string;
}

interface Held {
  readonly stamp: string;
  readonly keys: readonly VectorKey[];
  /** One after the other. */
  readonly values: Float32Array;
}

/** Compares vectors in this process, for databases that cannot: a tenant's are read once and kept until they change. */
export class VectorMemory {
  readonly #held = new LRUCache<string, Held, Wanted>({
    maxSize: MAX_BYTES,
    // A size has to be more than nothing.
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
  ): Promise<Held> {
    const name = `${tx.tenantId} ${model}`;
    const stamp = await stampOf(tx);
    const fetch = (): Promise<Held> =>
      this.#held.forceFetch(name, {
        context: { tx, model, width: vector.length, stamp },
        forceRefresh: this.#held.peek(name)?.stamp !== stamp,
      });
    const held = await fetch();
    // A read that began before the change may have been joined.
    return held.stamp === stamp ? held : fetch();
  }
}

async function read({ tx, model, width, stamp }: Wanted): Promise<Held> {
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
