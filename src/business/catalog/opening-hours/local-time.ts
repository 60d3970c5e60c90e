import { Temporal } from 'temporal-polyfill';
import { InvalidInput } from '../../../platform/process/errors.ts';

/**
 * Parses a local time such as `2026-11-24T10:30` in the zone of the business. A text with an offset means that instant.
 * A time skipped by daylight saving is refused, a repeated one is the first.
 */
export function parseLocalTime(text: string, timeZone: string): Date {
  try {
    if (/(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.trim())) {
      return new Date(Temporal.Instant.from(text.trim()).epochMilliseconds);
    }
    const local = Temporal.PlainDateTime.from(text.trim());
    const zoned = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
    if (zoned.toPlainDateTime().equals(local)) return new Date(zoned.epochMilliseconds);
  } catch {
    // Refused below, like a skipped time.
  }
  throw new InvalidInput(
    `"${text}" is not a date and time on the clocks of the business, such as 2026-11-24T10:30.`,
    [{ pointer: '/startsAt', detail: 'must be a date and time, such as 2026-11-24T10:30' }],
    { code: 'not-a-time', data: { value: text } },
  );
}

/** `2026-11-24` as a day in the calendar, or InvalidInput. `pointer` is where the client wrote it. */
export function parseLocalDate(text: string, pointer: string): Temporal.PlainDate {
  try {
    return Temporal.PlainDate.from(text.trim());
  } catch {
    throw new InvalidInput(
      `"${text}" is not a date, such as 2026-11-24.`,
      [{ pointer, detail: 'must be a date, such as 2026-11-24' }],
      { code: 'not-a-date', data: { value: text } },
    );
  }
}

export function localDateOf(at: Date, timeZone: string): Temporal.PlainDate {
  return zonedTime(at, timeZone).toPlainDate();
}

/** Formats `2026-11-24T10:30` in the zone of the business. */
export function formatLocalTime(at: Date, timeZone: string): string {
  return zonedTime(at, timeZone).toPlainDateTime().toString({ smallestUnit: 'minute' });
}

/** Formats a time for speech: "Tuesday, November 24 at 10:30 AM". */
export function spokenTime(at: Date, timeZone: string, language = 'en-US'): string {
  const day = new Intl.DateTimeFormat(language, { timeZone, weekday: 'long', month: 'long', day: 'numeric' });
  const time = new Intl.DateTimeFormat(language, { timeZone, hour: 'numeric', minute: '2-digit' });
  // Newer locale data has a narrow no-break space before AM, which text to speech mispronounces.
  return `${day.format(at)} at ${time.format(at)}`.replaceAll('\u202f', ' ');
}

function zonedTime(at: Date, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone);
}
