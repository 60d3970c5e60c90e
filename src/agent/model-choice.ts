import type { CompletionOutcome } from './completion.ts';

/** Backoff after each kind of failure, while the other model can be asked. */
const BACKOFF_MS = { refused: 5_000, timeout: 10_000, truncated: 5_000 } as const;
/** Upper bound on a vendor's `retry-after`; after this long the model is tried again. */
const MAX_RETRY_AFTER_MS = 30_000;

/**
 * Chooses between the primary model and its fallback. A model that failed backs off, so that the next turn does not
 * wait for the same failure; one that cannot work at all (bad key, unknown model) is never asked again in this call.
 */
export class ModelChoice {
  readonly #models: readonly string[];
  readonly #retryAtMs = new Map<string, number>();

  constructor(primary: string, fallback: string) {
    this.#models = [...new Set([primary, fallback])];
  }

  /** The first model that is not backing off, else the one whose backoff ends first; undefined when none can work. */
  pick(nowMs: number): string | undefined {
    const until = (model: string): number => this.#retryAtMs.get(model) ?? 0;
    const ready = this.#models.find((model) => until(model) <= nowMs);
    if (ready !== undefined) return ready;
    const [soonest] = this.#models.toSorted((one, other) => until(one) - until(other));
    return soonest !== undefined && until(soonest) < Infinity ? soonest : undefined;
  }

  failed(
    model: string,
    outcome: Extract<CompletionOutcome, { type: keyof typeof BACKOFF_MS }>,
    nowMs: number,
  ): void {
    this.#retryAtMs.set(model, nowMs + backoffMs(outcome));
  }
}

function backoffMs(outcome: Extract<CompletionOutcome, { type: keyof typeof BACKOFF_MS }>): number {
  if (outcome.type !== 'refused') return BACKOFF_MS[outcome.type];
  if (!outcome.isRetryable) return Infinity;
  return Math.min(Math.max(outcome.retryAfterMs ?? 0, BACKOFF_MS.refused), MAX_RETRY_AFTER_MS);
}
