import { z } from 'zod';

/** An instant in a response. */
export const instantOutput = z.iso
  .datetime({ precision: 3 })
  .meta({ description: 'RFC 3339, UTC.', examples: ['2026-11-24T15:30:00.000Z'] });

/** Codec of an instant: a `Date` in a row, RFC 3339 in UTC with milliseconds in a response. */
export const instant = z.codec(
  z.iso.datetime({ precision: 3 }),
  z.date().meta({ description: 'RFC 3339, UTC.', examples: ['2026-11-24T15:30:00.000Z'] }),
  { decode: (text) => new Date(text), encode: (date) => date.toISOString() },
);

/** An instant in a request, with any offset. */
export const instantInput = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .meta({ description: 'RFC 3339.', examples: ['2026-11-24T15:30:00Z'] });

export const localDate = z.iso
  .date()
  .meta({ description: 'On the calendar of the business.', examples: ['2026-11-24'] });

export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be a currency code such as USD')
  .meta({ description: 'ISO 4217.', examples: ['USD'] });

/** The maximum fits the integer columns. */
export const priceMinor = z
  .int()
  .min(0)
  .max(2_000_000_000)
  .meta({ description: 'In minor units of the currency: cents.', examples: [4900] });

/** A boolean in a query, where every value is text. */
export const queryFlag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** A filter of a list that is given once or several times: `status=open&status=in_progress`. */
export function oneOrMore<Item extends z.ZodType>(item: Item, max: number) {
  return z
    .union([item, z.array(item).min(1).max(max)])
    .transform((value) => [value].flat() as z.output<Item>[]);
}

/** What a list is searched for. */
export function searchText(max: number) {
  return z.string().trim().min(1).max(max);
}
