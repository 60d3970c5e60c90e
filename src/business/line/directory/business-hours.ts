import { loadOpeningTimes, type OpeningTimes } from '../../catalog/opening-hours/opening-hours.ts';
import type { Tx } from '../../tenancy/tenancy.ts';

const DAY_MS = 86_400_000;

/** When a business is open, as the line directory has it; undefined where it has not said. */
export async function readBusinessHours(tx: Tx, timeZone: string): Promise<OpeningTimes | undefined> {
  // Somewhere it may still be the day before.
  const from = new Date(Date.now() - 2 * DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length);
  const times = await loadOpeningTimes(tx, { timeZone, from });
  return times.weekly.length === 0 ? undefined : times;
}
