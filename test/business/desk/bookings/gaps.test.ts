import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapsIn } from '../../../../src/business/desk/bookings/gaps.ts';
import type { Interval } from '../../../../src/business/catalog/opening-hours/opening-times.ts';

const at = (startsAtMs: number, endsAtMs: number): Interval => ({ startsAtMs, endsAtMs });
const interval = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 }))
  .map(([start, length]) => at(start, start + length));

describe('the gaps of a day', () => {
  it('are the openings without what is booked', () => {
    expect(gapsIn([at(9, 18)], [])).toEqual([at(9, 18)]);
    expect(gapsIn([at(9, 12), at(13, 18)], [at(10, 11), at(12, 14)])).toEqual([
      at(9, 10),
      at(11, 12),
      at(14, 18),
    ]);
    expect(gapsIn([at(9, 18)], [at(8, 19)])).toEqual([]);
    expect(gapsIn([], [at(8, 19)])).toEqual([]);
  });

  it('hold every free moment and no busy one, however bookings overlap', () => {
    fc.assert(
      fc.property(fc.array(interval, { maxLength: 6 }), (busy) => {
        const opening = at(10, 30);
        const gaps = gapsIn([opening], busy);
        const isIn = (moment: number) => (one: Interval) => one.startsAtMs <= moment && moment < one.endsAtMs;
        for (let moment = 0; moment < 60; moment += 1) {
          const isFree = isIn(moment)(opening) && !busy.some(isIn(moment));
          expect(gaps.some(isIn(moment))).toBe(isFree);
        }
        expect(gaps.every(({ startsAtMs, endsAtMs }) => startsAtMs < endsAtMs)).toBe(true);
      }),
    );
  });
});
