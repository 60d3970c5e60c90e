import * as fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  ClockMap,
  type MediaMs,
  mediaMs,
  type Position,
  position,
  type StreamMs,
  streamMs,
} from '../../src/call/clocks.ts';

describe('the clocks of a call', () => {
  it('cannot be taken for one another', () => {
    expectTypeOf<StreamMs>().not.toExtend<MediaMs>();
    expectTypeOf<Position>().not.toExtend<MediaMs>();
    expectTypeOf<MediaMs>().not.toExtend<StreamMs>();
    expectTypeOf<number>().not.toExtend<MediaMs>();
    expectTypeOf<Parameters<ClockMap<StreamMs, Position>['at']>>().toEqualTypeOf<[StreamMs]>();
  });

  it('begin together where nothing else is known', () => {
    const map = new ClockMap<Position, MediaMs>(1 / 8);
    expect([map.isEmpty, map.at(position(80))]).toEqual([true, 10]);
  });

  it('run evenly from each known point to the next, and backwards before the first', () => {
    const map = new ClockMap<StreamMs, Position>(8);
    map.add(streamMs(100), position(8_000));
    map.add(streamMs(200), position(80_000));
    expect([50, 100, 199, 200, 210].map((at) => map.at(streamMs(at)))).toEqual([
      7_600, 8_000, 8_792, 80_000, 80_080,
    ]);
  });

  it('are translated for as long as anybody asks, in bounded memory', () => {
    const jumps = fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 1_000 });
    const property = fc.property(jumps, (gapsMs) => {
      const map = new ClockMap<Position, MediaMs>(1 / 8);
      let bytes = 0;
      let atMs = 0;
      for (const gapMs of gapsMs) {
        atMs += gapMs;
        map.add(position(bytes), mediaMs(atMs));
        expect(map.at(position(bytes + 80))).toBe(atMs + 10);
        bytes += 160;
        atMs += 20;
      }
    });
    fc.assert(property, { numRuns: 50 });
  });
});
