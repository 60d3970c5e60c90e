import type { Clock } from '../../platform/process/clock.ts';

/** The vendor ignores flushes beyond 20 in 60 s; the limit is lower, because clocks differ. */
const MAX_FLUSHES = 18;
/** Beyond this, flushes are reserved for the ends of replies, which are not spoken without one. */
const MAX_EAGER_FLUSHES = 14;
const WINDOW_MS = 60_000;

/** Rate limit of flushes. */
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

  /** The vendor has ignored a flush, so by its count the limit is reached. */
  exhaust(): void {
    while (this.#sentAtMs.length < MAX_FLUSHES) this.#sentAtMs.push(this.#clock.nowMs());
  }

  /** 0 when a flush may be sent now. An eager one lets a clause be spoken before its reply is complete. */
  waitMs(kind: 'eager' | 'last'): number {
    const nowMs = this.#clock.nowMs();
    this.#sentAtMs = this.#sentAtMs.filter((sentAtMs) => sentAtMs > nowMs - WINDOW_MS);
    const limit = kind === 'eager' ? MAX_EAGER_FLUSHES : MAX_FLUSHES;
    const inTheWay = this.#sentAtMs[this.#sentAtMs.length - limit];
    return inTheWay === undefined ? 0 : inTheWay + WINDOW_MS - nowMs;
  }
}
