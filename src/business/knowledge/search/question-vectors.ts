import type { LRUCache } from 'lru-cache';
import { createLoadingCache } from '../../../platform/process/cache.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Embedder } from '../indexing/indexing.ts';

export interface QuestionVectorsDependencies {
  readonly embedder: Embedder;
  readonly clock: Clock;
  /** The vendor has failed; the search goes on by words. */
  readonly onError: (error: unknown) => void;
}

const MAX_KEPT = 2_000;
const KEPT_MS = 24 * 3_600_000;
/** Longer than any search waits: a late vector is cached for when the same question is asked again. */
const TIMEOUT_MS = 2_000;
/** With more requests in flight, the vendor has stopped answering, and no further ones are made. */
const MAX_PENDING = 64;

/** A cache of the vectors of questions. Callers ask the same things, so that many are found in it. */
export class QuestionVectors {
  readonly #deps: QuestionVectorsDependencies;
  readonly #vectors: LRUCache<string, Float32Array, string>;
  #pending = 0;

  constructor(deps: QuestionVectorsDependencies) {
    this.#deps = deps;
    this.#vectors = createLoadingCache({
      clock: deps.clock,
      keepMs: KEPT_MS,
      maxEntries: MAX_KEPT,
      load: (question: string) => this.#make(question),
    });
  }

  /** Undefined when the vendor has failed; never rejects. */
  get(question: string): Promise<Float32Array | undefined> {
    return this.#vectors.fetch(question, { context: question });
  }

  async #make(question: string): Promise<Float32Array | undefined> {
    if (this.#pending >= MAX_PENDING) return undefined;
    const { embedder, clock, onError } = this.#deps;
    const controller = new AbortController();
    const cancel = clock.after(TIMEOUT_MS, () => controller.abort(new Error('The question took too long.')));
    this.#pending += 1;
    try {
      const [vector] = await embedder.embed([question], { signal: controller.signal });
      return vector;
    } catch (error) {
      onError(error);
      return undefined;
    } finally {
      this.#pending -= 1;
      cancel();
    }
  }
}
