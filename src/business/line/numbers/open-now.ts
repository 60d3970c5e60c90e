import { localDateOf } from '../../desk/bookings/local-time.ts';
import { openingsOn, type OpeningTimes } from '../../desk/bookings/opening-times.ts';

/** Hours never run past midnight (a night is split there), so the day it is there decides alone. */
export function isOpenAt(now: Date, hours: OpeningTimes): boolean {
  const atMs = now.getTime();
  return openingsOn(localDateOf(now, hours.timeZone), hours).some(
    ({ startsAtMs, endsAtMs }) => startsAtMs <= atMs && atMs < endsAtMs,
  );
}
