import type { Interval } from '../../catalog/opening-hours/opening-hours.ts';

/** Subtracts busy intervals from openings; both may come in any order. */
export function gapsIn(openings: readonly Interval[], busy: readonly Interval[]): readonly Interval[] {
  const taken = busy.toSorted((a, b) => a.startsAtMs - b.startsAtMs);
  return openings.flatMap((opening) => {
    const gaps: Interval[] = [];
    let freeFromMs = opening.startsAtMs;
    for (const { startsAtMs, endsAtMs } of taken) {
      const untilMs = Math.min(startsAtMs, opening.endsAtMs);
      if (untilMs > freeFromMs) gaps.push({ startsAtMs: freeFromMs, endsAtMs: untilMs });
      freeFromMs = Math.max(freeFromMs, endsAtMs);
    }
    if (freeFromMs < opening.endsAtMs) gaps.push({ startsAtMs: freeFromMs, endsAtMs: opening.endsAtMs });
    return gaps;
  });
}
