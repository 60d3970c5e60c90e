import type { Clock } from '../process/clock.ts';

export interface Counted {
  /** This one included. */
  readonly count: number;
  /** When counting begins anew. */
  readonly resetMs: number;
}

/** Counts what somebody does within a window of time that begins with the first. */
export interface RequestCounter {
  count(key: string): Counted | Promise<Counted>;
}

interface Window {
  readonly startedAtMs: number;
  count: number;
}

/** For this process alone. */
export class RequestWindows implements RequestCounter {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #windows = new Map<string, Window>();

  constructor(options: { readonly clock: Clock; readonly windowMs: number }) {
    this.#clock = options.clock;
    this.#windowMs = options.windowMs;
  }

  count(key: string): Counted {
    const nowMs = this.#clock.nowMs();
    let window = this.#windows.get(key);
    if (window === undefined || nowMs - window.startedAtMs >= this.#windowMs) {
      // Set anew, so that the order of the map is the order of age; what is over goes from its front.
      this.#windows.delete(key);
      this.#forgetOld(nowMs);
      window = { startedAtMs: nowMs, count: 0 };
      this.#windows.set(key, window);
    }
    window.count += 1;
    return { count: window.count, resetMs: window.startedAtMs + this.#windowMs - nowMs };
  }

  get size(): number {
    return this.#windows.size;
  }

  #forgetOld(nowMs: number): void {
    for (const [key, { startedAtMs }] of this.#windows) {
      if (nowMs - startedAtMs < this.#windowMs) return;
      this.#windows.delete(key);
    }
  }
}
