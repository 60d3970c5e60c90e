import type { Clock } from './clock.ts';

/** Throttles a function: calls within `intervalMs` of the last one are dropped. For log lines of repeated faults. */
export function throttle<Arguments extends readonly unknown[]>(
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
