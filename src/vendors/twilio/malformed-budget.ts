import type { Clock } from '../../platform/process/clock.ts';

/** One garbled frame is the network's fault, twenty in ten seconds are somebody's intention [F22]. */
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

  /** True when this one is one too many. */
  spend(): boolean {
    const nowMs = this.#clock.nowMs();
    while (this.#times.length > 0 && this.#times[0]! <= nowMs - WINDOW_MS) this.#times.shift();
    this.#times.push(nowMs);
    if (this.#times.length < MAX_MALFORMED) return false;
    this.#times.shift();
    return true;
  }
}
