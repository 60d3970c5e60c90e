import type { Temporal } from 'temporal-polyfill';
import { InvalidInput } from '../../../platform/process/errors.ts';

/** A half-open interval, in milliseconds since the epoch. */
export interface Interval {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** Minutes since local midnight; 1440 is the end of the day. */
export interface OpenRange {
  readonly opensAtMinute: number;
  readonly closesAtMinute: number;
}

export interface WeeklyHours extends OpenRange {
  /** ISO: 1 is Monday. */
  readonly weekday: number;
}

export interface OpeningException {
  readonly localDate: string;
  /** Null: closed all day. */
  readonly opensAtMinute: number | null;
  readonly closesAtMinute: number | null;
}

export interface OpeningTimes {
  readonly timeZone: string;
  readonly weekly: readonly WeeklyHours[];
  readonly exceptions: readonly OpeningException[];
}

/**
 * The opening intervals of a day as instants. Hours are local times, so around a change of daylight saving the same
 * hours are different instants.
 */
export function openingsOn(day: Temporal.PlainDate, times: OpeningTimes): readonly Interval[] {
  const localDate = day.toString();
  const exceptions = times.exceptions.filter((exception) => exception.localDate === localDate);
  const hours =
    exceptions.length > 0 ? exceptions : times.weekly.filter(({ weekday }) => weekday === day.dayOfWeek);
  const openings = hours
    .flatMap(({ opensAtMinute, closesAtMinute }) =>
      opensAtMinute === null || closesAtMinute === null
        ? []
        : [
            {
              startsAtMs: instantOf(day, opensAtMinute, times.timeZone),
              endsAtMs: instantOf(day, closesAtMinute, times.timeZone),
            },
          ],
    )
    .filter(({ startsAtMs, endsAtMs }) => startsAtMs < endsAtMs)
    .toSorted((a, b) => a.startsAtMs - b.startsAtMs);
  return joined(openings);
}

/** Refuses ranges of one day that are empty or overlap. `pointer` is their place in the request. */
export function refuseStrangeRanges(ranges: readonly OpenRange[], pointer: string): void {
  if (ranges.some(({ opensAtMinute, closesAtMinute }) => opensAtMinute >= closesAtMinute)) {
    throw new InvalidInput(
      'Opening hours must end after they begin; split a night at midnight in two.',
      [{ pointer, detail: 'must end after they begin' }],
      { code: 'hours-reversed' },
    );
  }
  const sorted = ranges.toSorted((a, b) => a.opensAtMinute - b.opensAtMinute);
  const overlap = sorted.find(({ opensAtMinute }, index) =>
    sorted.slice(0, index).some(({ closesAtMinute }) => opensAtMinute < closesAtMinute),
  );
  if (overlap !== undefined) {
    throw new InvalidInput(
      'Opening hours of one day must not overlap.',
      [{ pointer, detail: 'must not overlap' }],
      { code: 'hours-overlap' },
    );
  }
}

/** Merges hours that touch or overlap, because a service may run across the boundary, also at midnight. */
export function joined(sorted: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const opening of sorted) {
    const last = result.at(-1);
    if (last === undefined || opening.startsAtMs > last.endsAtMs) result.push(opening);
    else result[result.length - 1] = { ...last, endsAtMs: Math.max(last.endsAtMs, opening.endsAtMs) };
  }
  return result;
}

/** Minutes are local time and not elapsed since midnight: 09:00 is 540 even on a day of 23 hours. */
function instantOf(day: Temporal.PlainDate, minute: number, timeZone: string): number {
  const midnight = day.toPlainDateTime();
  return midnight.add({ minutes: minute }).toZonedDateTime(timeZone).epochMilliseconds;
}
