import type { Clock } from './clock.ts';

/** Passes a call on unless one was passed on less than `intervalMs` ago: a fault that repeats is one log line, not thousands. */
export function atMostEvery<Arguments extends readonly unknown[]>(
  intervalMs: number,
  clock: Pick<Clock, 'nowMs'>,
  report: (...values: Arguments) => void,
): (...values: Arguments) => void {
  let reportedAtMs = -Infinity;
  return (...values) => {
    const nowMs = clock.nowMs();
    if (nowMs - reportedAtMs < intervalMs) return;
    reportedAtMs = nowMs;
    report(...values);
  };
}
