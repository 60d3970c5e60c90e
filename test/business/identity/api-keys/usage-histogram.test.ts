import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDuration,
  durationBoundsMs,
  emptyHistogram,
  quantileMs,
} from '../../../../src/business/identity/api-keys/usage-histogram.ts';

function histogramOf(durations: readonly number[]): number[] {
  const histogram = emptyHistogram();
  for (const durationMs of durations) addDuration(histogram, durationMs);
  return histogram;
}

describe('the histogram of response times', () => {
  it('gives a quantile within the bucket the true one is in', () => {
    const durations = fc.array(fc.double({ min: 0.01, max: 9_999, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(durations, fc.constantFrom(0.5, 0.95), (values, share) => {
        const sorted = values.toSorted((a, b) => a - b);
        const truth = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
        const index = durationBoundsMs.findIndex((bound) => truth <= bound);
        const estimate = quantileMs(histogramOf(values), share)!;
        expect(estimate).toBeGreaterThanOrEqual((durationBoundsMs[index - 1] ?? 0) - 0.1);
        expect(estimate).toBeLessThanOrEqual(durationBoundsMs[index]! + 0.1);
      }),
    );
  });

  it('counts what took for ever, as the longest it knows', () => {
    expect(quantileMs(histogramOf([60_000]), 0.5)).toBe(10_000);
  });

  it('has no quantile of nothing', () => {
    expect(quantileMs(emptyHistogram(), 0.5)).toBeNull();
  });
});
