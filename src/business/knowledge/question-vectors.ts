import type { Clock } from '../../platform/process/clock.ts';
import type { Embedder } from './embedder.ts';

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

interface Kept {
  readonly vector: Promise<Float32Array | undefined>;
  readonly untilMs: number;
}

/** The vectors of questions, made when first asked. Callers ask the same things: many are there already. */
export class QuestionVectors {
  readonly #deps: QuestionVectorsDependencies;
  readonly #kept = new Map<string, Kept>();
  #pending = 0;

  constructor(deps: QuestionVectorsDependencies) {
    this.#deps = deps;
  }

  /** Never rejects: undefined where the vendor has failed. */
  get(question: string): Promise<Float32Array | undefined> {
    const nowMs = this.#deps.clock.nowMs();
    const kept = this.#kept.get(question);
    if (kept !== undefined && kept.untilMs > nowMs) return kept.vector;
    if (this.#pending >= MAX_PENDING) return Promise.resolve(undefined);
    const vector = this.#make(question);
    this.#kept.set(question, { vector, untilMs: nowMs + KEPT_MS });
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    return vector;
  }

  async #make(question: string): Promise<Float32Array | undefined> {
    const { embedder, clock, onError } = this.#deps;
    const controller = new AbortController();
    const cancel = clock.after(TIMEOUT_MS, () => controller.abort(new Error('The question took too long.')));
    this.#pending += 1;
    try {
      const [vector] = await embedder.embed([question], { signal: controller.signal });
      return vector;
    } catch (error) {
      this.#kept.delete(question);
      onError(error);
      return undefined;
    } finally {
      this.#pending -= 1;
      cancel();
    }
  }
}
