import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastTick, nextTick, type ScheduleLine } from '../../src/jobs/schedule.ts';

function at(cron: string, timeZone: string): ScheduleLine {
  return { name: 'x', job: 'x', cron, timeZone };
}

function ticksFrom(line: ScheduleLine, from: string, count: number): string[] {
  const ticks: string[] = [];
  for (let after = new Date(from); ticks.length < count; after = new Date(ticks.at(-1)!)) {
    ticks.push(nextTick(line, after).toISOString());
  }
  return ticks;
}

describe('a line of the schedule', () => {
  it('comes daily at six in the evening in Nairobi, at three in the afternoon UTC all year', () => {
    const line = at('0 18 * * *', 'Africa/Nairobi');
    expect(ticksFrom(line, '2026-03-02T14:59:59.999Z', 2)).toEqual([
      '2026-03-02T15:00:00.000Z',
      '2026-03-03T15:00:00.000Z',
    ]);
    expect(ticksFrom(line, '2026-07-02T15:00:00.000Z', 1)).toEqual(['2026-07-03T15:00:00.000Z']);
  });

  it('keeps the hour on the wall when the clocks change', () => {
    expect(ticksFrom(at('0 18 * * *', 'Europe/Berlin'), '2026-03-28T00:00:00Z', 2)).toEqual([
      '2026-03-28T17:00:00.000Z',
      '2026-03-29T16:00:00.000Z',
    ]);
  });

  it('runs what falls into the hour that is skipped right after it', () => {
    expect(ticksFrom(at('30 2 * * *', 'Europe/Berlin'), '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    // Where the clocks change at midnight, midnight itself is skipped; the day is not.
    expect(ticksFrom(at('0 0 * * *', 'America/Sao_Paulo'), '2018-11-03T00:00:00Z', 3)).toEqual([
      '2018-11-03T03:00:00.000Z',
      '2018-11-04T03:00:00.000Z',
      '2018-11-05T02:00:00.000Z',
    ]);
  });

  it('runs what falls into the hour that is repeated once, wherever in it the clock is asked', () => {
    const line = at('30 2 * * *', 'Europe/Berlin');
    expect(ticksFrom(line, '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    for (const time of ['00:30:00', '00:45:00', '01:29:59', '01:30:00']) {
      expect(ticksFrom(line, `2026-10-25T${time}Z`, 1)).toEqual(['2026-10-26T01:30:00.000Z']);
    }
  });

  it('goes on every half hour through both changes', () => {
    const line = at('*/30 * * * *', 'Europe/Berlin');
    for (const night of ['2026-03-29T00:25:00Z', '2026-10-25T00:25:00Z']) {
      const ticks = ticksFrom(line, night, 6).map((tick) => Date.parse(tick));
      expect(ticks.slice(1).map((tick, index) => tick - ticks[index]!)).toEqual(
        ticks.slice(1).map(() => 1_800_000),
      );
    }
  });

  it('comes at the same times on every node, for an interval', () => {
    const line: ScheduleLine = { name: 'x', job: 'x', everyMs: 20_000 };
    expect(ticksFrom(line, '2026-03-02T14:59:59.999Z', 2)).toEqual([
      '2026-03-02T15:00:00.000Z',
      '2026-03-02T15:00:20.000Z',
    ]);
    expect(ticksFrom(line, '2026-03-02T15:00:07.000Z', 1)).toEqual(['2026-03-02T15:00:20.000Z']);
  });

  it('is refused when it names no time zone, no time, or a day that never comes', () => {
    const now = new Date('2026-03-02T15:00:00.000Z');
    for (const line of [at('0 18 * * *', 'Mars/Olympus'), at('0 18 * *', 'UTC'), at('0 0 30 2 *', 'UTC')]) {
      expect(() => nextTick(line, now)).toThrow(/./);
    }
  });

  it('has a last tick that the next one follows, at any time in any zone', () => {
    const times = fc.date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true });
    const zones = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/New_York',
      'Africa/Nairobi',
      'Australia/Lord_Howe',
    );
    const crons = fc.constantFrom('0 18 * * *', '30 2 * * *', '*/20 * * * *', '0 9 * * 1', '15 1 1 * *');
    fc.assert(
      fc.property(times, zones, crons, (now, zone, cron) => {
        const line = at(cron, zone);
        const last = lastTick(line, now, new Date(0));
        expect(last.getTime()).toBeLessThanOrEqual(now.getTime());
        expect(nextTick(line, now).getTime()).toBeGreaterThan(now.getTime());
        expect(nextTick(line, last)).toEqual(nextTick(line, now));
      }),
      { numRuns: 300 },
    );
  });
});
