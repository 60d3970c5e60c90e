import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { localDate } from '../../../platform/http/rest-values.ts';
import type { OpeningException, OpenRange, WeeklyHours } from './opening-times.ts';

const opens = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as 09:00');
const closes = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time of day such as 18:00, or 24:00');

const rangeSchema = z
  .object({ opens, closes: closes.describe('24:00 is the end of the day.') })
  .meta({ id: 'OpenRange', examples: [{ opens: '09:00', closes: '18:00' }] });

const ranges = z.array(rangeSchema).max(10).describe('None: closed.');

/** In ISO order: Monday is 1. */
export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

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

const days = {
  monday: ranges,
  tuesday: ranges,
  wednesday: ranges,
  thursday: ranges,
  friday: ranges,
  saturday: ranges,
  sunday: ranges,
};

export const weekSchema = z.object(days).meta({ id: 'OpeningHours', examples: [week] });
export const weekInputSchema = z.strictObject(days).meta({ id: 'OpeningWeek', examples: [week] });

export type OpeningWeek = z.output<typeof weekSchema>;

/** Hours have no row with a version column, so their version is a hash of their content. */
export type Versioned<Value> = Value & { readonly version: number };

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

export type SpecialDay = z.output<typeof specialDaySchema>;

/** Converts the week to rows. */
export function hoursOf(given: OpeningWeek): readonly WeeklyHours[] {
  return weekdays.flatMap((name, index) =>
    parseRanges(given[name]).map((range) => ({ weekday: index + 1, ...range })),
  );
}

export function weekOf(hours: readonly WeeklyHours[]): OpeningWeek {
  const byWeekday = weekdays.map((name, index) => [
    name,
    hours.filter(({ weekday }) => weekday === index + 1).flatMap(rangeOf),
  ]);
  return Object.fromEntries(byWeekday) as OpeningWeek;
}

export function parseRanges(input: readonly z.output<typeof rangeSchema>[]): readonly OpenRange[] {
  return input.map((range) => ({
    opensAtMinute: minuteOf(range.opens),
    closesAtMinute: minuteOf(range.closes),
  }));
}

/** Undefined for a row that means closed all day. */
export function rangeOf({
  opensAtMinute,
  closesAtMinute,
}: Pick<OpeningException, 'opensAtMinute' | 'closesAtMinute'>): z.output<typeof rangeSchema>[] {
  if (opensAtMinute === null || closesAtMinute === null) return [];
  return [{ opens: timeOf(opensAtMinute), closes: timeOf(closesAtMinute) }];
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function timeOf(minute: number): string {
  const part = (value: number): string => String(value).padStart(2, '0');
  return `${part(Math.floor(minute / 60))}:${part(minute % 60)}`;
}
