import type { Clock } from '../../platform/process/clock.ts';

/** A single malformed frame may be an accident; twenty in ten seconds are an attack [F22]. */
const MAX_MALFORMED = 20;
const WINDOW_MS = 10_000;

/** Counts one socket's malformed frames over a sliding window. */
export class MalformedBudget {
  readonly #clock: Clock;
  /** Times of the last malformed frames, oldest first; never longer than the budget. */
  readonly #times: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one frame; true if that exceeds the budget. */
  spend(): boolean {
    const nowMs = this.#clock.nowMs();
    while (this.#times.length > 0 && this.#times[0]! <= nowMs - WINDOW_MS) this.#times.shift();
    this.#times.push(nowMs);
    if (this.#times.length < MAX_MALFORMED) return false;
    this.#times.shift();
    return true;
  }
}
