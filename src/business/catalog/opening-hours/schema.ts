import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { localDate } from '../../../platform/http/rest-values.ts';
import type { SpecialDay } from '../../desk/bookings/offer.ts';
import type { OpenRange, WeeklyHours } from '../../desk/bookings/opening-times.ts';

const opens = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 09:00');
const closes = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day such as 18:00, or 24:00');

const rangeSchema = z
  .object({ opens, closes: closes.describe('24:00 is the end of the day.') })
  .meta({ id: 'OpenRange', examples: [{ opens: '09:00', closes: '18:00' }] });

const ranges = z.array(rangeSchema).max(10).describe('None: closed.');

/** In the order of ISO: Monday is 1. */
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

const workday = [
  { opens: '09:00', closes: '12:30' },
  { opens: '13:30', closes: '18:00' },
];
const week = {
  monday: workday,
  tuesday: workday,
  wednesday: workday,
  thursday: workday,
  friday: workday,
  saturday: [{ opens: '10:00', closes: '16:00' }],
  sunday: [],
};

export const weekSchema = z
  .strictObject({
    monday: ranges,
    tuesday: ranges,
    wednesday: ranges,
    thursday: ranges,
    friday: ranges,
    saturday: ranges,
    sunday: ranges,
  })
  .meta({ id: 'OpeningHours', examples: [week] });

export type Week = z.output<typeof weekSchema>;

const reason = z
  .string()
  .trim()
  .max(120)
  .meta({ examples: ['Thanksgiving'] });

export const specialDaySchema = z.object({ date: localDate, ranges, reason }).meta({
  id: 'SpecialDay',
  examples: [{ date: '2026-11-26', ranges: [], reason: 'Thanksgiving' }],
});

export const specialDayInputSchema = z
  .strictObject({ ranges: ranges.default([]), reason: reason.default('') })
  .meta({ id: 'SpecialDayHours', examples: [{ ranges: [], reason: 'Thanksgiving' }] });

export const specialDayPageSchema = pageOf(specialDaySchema).meta({ id: 'SpecialDayPage' });

export const specialDayQuery = z.object({
  ...pageQuery.shape,
  from: localDate.optional(),
  to: localDate.optional().describe('Included.'),
});

export const importSchema = z
  .strictObject({
    days: z
      .array(z.strictObject({ date: localDate, ranges: ranges.default([]), reason: reason.default('') }))
      .min(1)
      .max(400),
  })
  .meta({
    id: 'SpecialDayImport',
    examples: [
      {
        days: [
          { date: '2026-12-25', ranges: [], reason: 'Christmas Day' },
          { date: '2026-12-31', ranges: [{ opens: '09:00', closes: '13:00' }], reason: 'New Year’s Eve' },
        ],
      },
    ],
  });

export const importedSchema = z
  .object({ imported: z.int() })
  .meta({ id: 'ImportedSpecialDays', examples: [{ imported: 2 }] });

export const dateParams = z.object({ date: localDate });

export function hoursOf(input: Week): readonly WeeklyHours[] {
  return weekdays.flatMap((name, index) =>
    parseRanges(input[name]).map((range) => ({ weekday: index + 1, ...range })),
  );
}

export function presentWeek(hours: readonly WeeklyHours[]): Week {
  const days = weekdays.map((name, index) => [
    name,
    hours.filter(({ weekday }) => weekday === index + 1).map(formatRange),
  ]);
  return Object.fromEntries(days) as Week;
}

export function parseRanges(input: readonly z.output<typeof rangeSchema>[]): readonly OpenRange[] {
  return input.map((range) => ({
    opensAtMinute: minuteOf(range.opens),
    closesAtMinute: minuteOf(range.closes),
  }));
}

export function presentSpecialDay(day: SpecialDay): z.output<typeof specialDaySchema> {
  return { date: day.localDate, ranges: day.ranges.map(formatRange), reason: day.reason };
}

function formatRange({ opensAtMinute, closesAtMinute }: OpenRange): z.output<typeof rangeSchema> {
  return { opens: timeOf(opensAtMinute), closes: timeOf(closesAtMinute) };
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function timeOf(minute: number): string {
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${part(Math.floor(minute / 60))}:${part(minute % 60)}`;
}
