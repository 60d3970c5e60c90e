import type { Clock } from '../../platform/process/clock.ts';

/** The vendor ignores a flush beyond 20 in 60 s; ours stays below, because its clock is not ours. */
const MAX_FLUSHES = 18;
/** From here on flushes are kept for the ends of replies, which cannot be spoken without one. */
const MAX_EAGER_FLUSHES = 14;
const WINDOW_MS = 60_000;

/** How often speech may be asked for. */
export class FlushBudget {
  readonly #clock: Clock;
  /** When the last flushes were sent, oldest first; never more than the vendor allows. */
  #sentAtMs: number[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  spend(): void {
    this.#sentAtMs.push(this.#clock.nowMs());
  }

  /** The vendor has ignored a flush: by its own count the window is full. */
  exhaust(): void {
    while (this.#sentAtMs.length < MAX_FLUSHES) this.#sentAtMs.push(this.#clock.nowMs());
  }

  /** 0 when a flush may go now. An eager one would speak a clause before its reply is complete. */
  waitMs(kind: 'eager' | 'last'): number {
    const nowMs = this.#clock.nowMs();
    this.#sentAtMs = this.#sentAtMs.filter((sentAtMs) => sentAtMs > nowMs - WINDOW_MS);
    const limit = kind === 'eager' ? MAX_EAGER_FLUSHES : MAX_FLUSHES;
    const inTheWay = this.#sentAtMs[this.#sentAtMs.length - limit];
    return inTheWay === undefined ? 0 : inTheWay + WINDOW_MS - nowMs;
  }
}
