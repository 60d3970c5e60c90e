import type { CancelTimer, Clock } from '../../src/platform/process/clock.ts';

interface Timer {
  readonly dueAtMs: number;
  readonly callback: () => void;
}

/** A clock whose hands the test turns. */
export class FakeClock implements Clock {
  #nowMs = 0;
  readonly #startedAt: Date;
  readonly #timers = new Set<Timer>();

  constructor(startedAt = new Date('2026-03-02T09:00:00.000Z')) {
    this.#startedAt = startedAt;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  date(): Date {
    return new Date(this.#startedAt.getTime() + this.#nowMs);
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    const timer = { dueAtMs: this.#nowMs + Math.max(0, delayMs), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** How many timers are set; 0 when everything has been cleaned up. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /** Lets time pass, calling back what falls due in order, what those callbacks schedule included. */
  advance(durationMs: number): void {
    const untilMs = this.#nowMs + durationMs;
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueAtMs);
      next.callback();
    }
    this.#nowMs = untilMs;
  }

  /** As `advance`, and between callbacks lets pending promises run; for code that awaits between its timers. */
  async advanceAsync(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await settle();
    for (let next = this.#next(untilMs); next !== undefined; next = this.#next(untilMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueAtMs);
      next.callback();
      await settle();
    }
    this.#nowMs = untilMs;
    await settle();
  }

  /** The earliest timer due by then; of two due together, the one set first. */
  #next(untilMs: number): Timer | undefined {
    let earliest: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueAtMs > untilMs) continue;
      if (earliest === undefined || timer.dueAtMs < earliest.dueAtMs) earliest = timer;
    }
    return earliest;
  }
}

/** One turn of the event loop: every promise that can settle without time or I/O has then done so. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
