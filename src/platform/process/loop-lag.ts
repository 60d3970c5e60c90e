import { type Histogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** Measures the lag of the event loop, by which a 20 ms tick of audio would be late. */
export interface LoopLagMonitor extends Disposable {
  /** The longest stall of the last one to two seconds. */
  maxMs(): number;
  /** The 99th percentile of the last one to two seconds. */
  p99Ms(): number;
}

const resolutionMs = 10;
const windowMs = 1_000;

export function startLoopLagMonitor(): LoopLagMonitor {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  // The last complete window is kept beside the running one, which has no samples right after a reset.
  let finished = { maxMs: 0, p99Ms: 0 };
  const timer = setInterval(() => {
    finished = read(histogram);
    histogram.reset();
  }, windowMs);
  timer.unref();
  return {
    maxMs: () => Math.max(finished.maxMs, read(histogram).maxMs),
    p99Ms: () => Math.max(finished.p99Ms, read(histogram).p99Ms),
    [Symbol.dispose]() {
      clearInterval(timer);
      histogram.disable();
    },
  };
}

/** The histogram has whole intervals in nanoseconds; the lag is what exceeds the configured one. */
function read(histogram: Histogram): { maxMs: number; p99Ms: number } {
  if (histogram.count === 0) return { maxMs: 0, p99Ms: 0 };
  return {
    maxMs: Math.max(0, histogram.max / 1e6 - resolutionMs),
    p99Ms: Math.max(0, histogram.percentile(99) / 1e6 - resolutionMs),
  };
}
