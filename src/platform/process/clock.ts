/**
 * Time as a dependency. Everything that measures or waits takes a Clock, so that tests can control it. `nowMs` is
 * monotonic and only for differences; `date` is the wall clock.
 */
export interface Clock {
  /** Milliseconds on a monotonic clock, with fractions. */
  nowMs(): number;
  date(): Date;
  /** Calls back once after `delayMs`; the returned function cancels it and may be called at any time. */
  after(delayMs: number, callback: () => void): CancelTimer;
}

export type CancelTimer = () => void;

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  date: () => new Date(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.max(0, delayMs));
    return () => clearTimeout(timer);
  },
};
