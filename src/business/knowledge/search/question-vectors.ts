import type { LRUCache } from 'lru-cache';
import { createLoadingCache } from '../../../platform/process/cache.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Embedder } from '../indexing/indexing.ts';

export interface QuestionVectorsDependencies {
  readonly embedder: Embedder;
  readonly clock: Clock;
  /** The vendor failed us; text search goes on. */
  readonly onError: (error: unknown) => void;
}

const MAX_KEPT = 2_000;
const KEPT_MS = 24 * 3_600_000;
/** Longer than any question waits: what comes late is there when the same is asked again. */
const TIMEOUT_MS = 2_000;
/** More at once means that the vendor has stopped answering. */
const MAX_PENDING = 64;

/** The vectors of questions, made when first asked. Callers ask the same things: many are there already. */
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

  /** Never rejects: undefined where the vendor has failed. */
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
