import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { freeSlots, isWithin, nearestSlots } from '../../../../src/business/desk/bookings/free-slots.ts';
import {
  type Interval,
  joined,
  openingsOn,
  type OpeningTimes,
} from '../../../../src/business/catalog/opening-hours/opening-times.ts';

const minute = 60_000;
const zones = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'] as const;

const weeklyHours = fc.array(
  fc
    .record({
      weekday: fc.integer({ min: 1, max: 7 }),
      opensAtMinute: fc.integer({ min: 0, max: 1439 }),
      lengthMinutes: fc.integer({ min: 1, max: 1440 }),
    })
    .map(({ weekday, opensAtMinute, lengthMinutes }) => ({
      weekday,
      opensAtMinute,
      closesAtMinute: Math.min(1440, opensAtMinute + lengthMinutes),
    })),
  { maxLength: 14 },
);

/** Days around the changes of the clocks in 2026, in every zone above. */
const day = fc
  .tuple(
    fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'),
    fc.integer({ min: -2, max: 2 }),
  )
  .map(([date, days]) => Temporal.PlainDate.from(date).add({ days }));

const wallClock = (atMs: number, timeZone: string) =>
  Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);

describe('opening times', () => {
  it('are what the clock on the wall shows, on the days it changes too', () => {
    fc.assert(
      fc.property(weeklyHours, day, fc.constantFrom(...zones), (weekly, date, timeZone) => {
        const times: OpeningTimes = { timeZone, weekly, exceptions: [] };
        for (const { startsAtMs, endsAtMs } of openingsOn(date, times)) {
          expect(startsAtMs).toBeLessThan(endsAtMs);
          const opens = wallClock(startsAtMs, timeZone);
          expect(opens.toPlainDate().equals(date)).toBe(true);
          const minutes = opens.hour * 60 + opens.minute;
          const isAsWritten = weekly.some(
            (hours) =>
              hours.weekday === date.dayOfWeek &&
              // In the hour that spring skips, a shop that opens then opens when the hour is over.
              (hours.opensAtMinute === minutes || Math.abs(hours.opensAtMinute - minutes) <= 60),
          );
          expect(isAsWritten).toBe(true);
        }
      }),
    );
  });

  it('make a day of nine hours nine hours long, whatever the clocks did at night', () => {
    const weekly = [{ weekday: 7, opensAtMinute: 540, closesAtMinute: 1080 }];
    for (const date of ['2026-03-29', '2026-10-25', '2026-11-22']) {
      const times = { timeZone: 'Europe/London', weekly, exceptions: [] };
      const [opening] = openingsOn(Temporal.PlainDate.from(date), times);
      expect(opening!.endsAtMs - opening!.startsAtMs).toBe(9 * 60 * minute);
      expect(wallClock(opening!.startsAtMs, 'Europe/London').hour).toBe(9);
    }
  });

  it('make a whole day 23 or 25 hours long when the clocks change', () => {
    const weekly = [{ weekday: 7, opensAtMinute: 0, closesAtMinute: 1440 }];
    const hours = ['2026-03-29', '2026-10-25'].map((date) => {
      const times = { timeZone: 'Europe/London', weekly, exceptions: [] };
      const [opening] = openingsOn(Temporal.PlainDate.from(date), times);
      return (opening!.endsAtMs - opening!.startsAtMs) / (60 * minute);
    });
    expect(hours).toEqual([23, 25]);
  });

  it('give way to an exception for the day, closed or shorter', () => {
    const weekly = [{ weekday: 5, opensAtMinute: 540, closesAtMinute: 1080 }];
    const on = (opensAtMinute: number | null, closesAtMinute: number | null) =>
      openingsOn(Temporal.PlainDate.from('2026-12-25'), {
        timeZone: 'UTC',
        weekly,
        exceptions: [{ localDate: '2026-12-25', opensAtMinute, closesAtMinute }],
      });
    expect(on(null, null)).toEqual([]);
    expect(on(600, 660)).toEqual([
      { startsAtMs: Date.UTC(2026, 11, 25, 10), endsAtMs: Date.UTC(2026, 11, 25, 11) },
    ]);
  });
});

const interval = fc
  .tuple(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 1, max: 600 }))
  .map(([start, length]): Interval => ({ startsAtMs: start * minute, endsAtMs: (start + length) * minute }));

const question = fc.record({
  openings: fc
    .array(interval, { maxLength: 6 })
    .map((all) => joined(all.toSorted((a, b) => a.startsAtMs - b.startsAtMs))),
  busy: fc
    .array(fc.array(interval, { maxLength: 8 }), { minLength: 1, maxLength: 3 })
    .map((resources) => new Map(resources.map((taken, index) => [`resource-${index}`, taken]))),
  durationMs: fc.integer({ min: 1, max: 48 }).map((fives) => fives * 5 * minute),
  bufferMs: fc.integer({ min: 0, max: 12 }).map((fives) => fives * 5 * minute),
  notBeforeMs: fc.integer({ min: 0, max: 3000 }).map((minutes) => minutes * minute),
});

describe('free slots', () => {
  it('never touch what is booked, buffer included, and always lie within opening hours', () => {
    fc.assert(
      fc.property(question, (asked) => {
        for (const slot of freeSlots(asked)) {
          expect(isWithin(asked.openings, slot.startsAtMs, slot.endsAtMs)).toBe(true);
          expect(slot.endsAtMs - slot.startsAtMs).toBe(asked.durationMs);
          expect(slot.startsAtMs).toBeGreaterThanOrEqual(asked.notBeforeMs);
          expect(slot.resourceIds.length).toBeGreaterThan(0);
          for (const resourceId of slot.resourceIds) {
            for (const taken of asked.busy.get(resourceId)!) {
              const isClear =
                taken.endsAtMs <= slot.startsAtMs || slot.endsAtMs + asked.bufferMs <= taken.startsAtMs;
              expect(isClear).toBe(true);
            }
          }
        }
      }),
    );
  });

  it('leave out nothing: a start on the grid that is not offered is closed, past or taken everywhere', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const offered = new Set(freeSlots(asked).map(({ startsAtMs }) => startsAtMs));
        const stepMs = asked.durationMs < 30 * minute ? 15 * minute : 30 * minute;
        for (const opening of asked.openings) {
          for (let at = opening.startsAtMs; at + asked.durationMs <= opening.endsAtMs; at += stepMs) {
            if (offered.has(at) || at < asked.notBeforeMs) continue;
            const blockedUntilMs = at + asked.durationMs + asked.bufferMs;
            for (const taken of asked.busy.values()) {
              expect(taken.some((busy) => busy.startsAtMs < blockedUntilMs && at < busy.endsAtMs)).toBe(true);
            }
          }
        }
      }),
    );
  });

  it('nearest to a wish come in the order of time', () => {
    const slots = [9, 10, 14, 15].map((hour) => ({ startsAtMs: hour, endsAtMs: hour + 1 }));
    expect(nearestSlots(slots, 13, 3).map(({ startsAtMs }) => startsAtMs)).toEqual([10, 14, 15]);
  });
});
