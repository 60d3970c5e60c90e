/** Upper bounds of the buckets in milliseconds; a last bucket counts longer durations. */
export const durationBoundsMs = [
  1, 2, 3, 5, 8, 13, 20, 30, 50, 80, 130, 200, 300, 500, 800, 1_300, 2_000, 3_000, 5_000, 10_000,
] as const;

export type Histogram = number[];

export function emptyHistogram(): Histogram {
  return Array.from({ length: durationBoundsMs.length + 1 }, () => 0);
}

export function addDuration(histogram: Histogram, durationMs: number): void {
  const index = durationBoundsMs.findIndex((boundMs) => durationMs <= boundMs);
  const slot = index === -1 ? durationBoundsMs.length : index;
  histogram[slot] = (histogram[slot] ?? 0) + 1;
}

/** Estimates a quantile from the histogram, by linear interpolation within a bucket. Null without responses. */
export function quantileMs(histogram: readonly number[], share: number): number | null {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = share * total;
  let below = 0;
  for (const [index, count] of histogram.entries()) {
    if (count > 0 && below + count >= rank) {
      const fromMs = durationBoundsMs[index - 1] ?? 0;
      const toMs = durationBoundsMs[index] ?? fromMs;
      return Math.round((fromMs + (toMs - fromMs) * ((rank - below) / count)) * 10) / 10;
    }
    below += count;
  }
  return durationBoundsMs.at(-1) ?? null;
}
