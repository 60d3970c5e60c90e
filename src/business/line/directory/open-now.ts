import { localDateOf, openingsOn, type OpeningTimes } from '../../catalog/opening-hours/opening-hours.ts';

/** Hours never run past midnight (a night is split there), so the day it is there decides alone. */
export function isOpenAt(now: Date, hours: OpeningTimes): boolean {
  const atMs = now.getTime();
  return openingsOn(localDateOf(now, hours.timeZone), hours).some(
    ({ startsAtMs, endsAtMs }) => startsAtMs <= atMs && atMs < endsAtMs,
  );
}
