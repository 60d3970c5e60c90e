import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { loadOpeningTimes, type OpeningTimes } from '../../catalog/opening-hours/opening-hours.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';

const DAY_MS = 86_400_000;

/** When a business is open, as the number directory knows it; undefined where it has not said. Within its transaction. */
export async function readBusinessHours(
  db: Db,
  tenantId: TenantId,
  timeZone: string,
): Promise<OpeningTimes | undefined> {
  // Somewhere it may still be the day before.
  const from = new Date(Date.now() - 2 * DAY_MS).toISOString().slice(0, 'yyyy-mm-dd'.length);
  const times = await inTenant(db, tenantId, (tx) => loadOpeningTimes(tx, { timeZone, from }));
  return times.weekly.length === 0 ? undefined : times;
}
