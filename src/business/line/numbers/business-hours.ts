import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { OpeningTimes } from '../../desk/bookings/opening-times.ts';

/** When a business is open, as the number directory knows it; undefined where it has not said. Within its transaction. */
export async function readBusinessHours(
  db: Db,
  tenantId: TenantId,
  timeZone: string,
): Promise<OpeningTimes | undefined> {
  const weekly = await db
    .selectFrom('openingHours')
    .select(['weekday', 'opensAtMinute', 'closesAtMinute'])
    .where('tenantId', '=', tenantId)
    .orderBy('weekday')
    .orderBy('opensAtMinute')
    .execute();
  if (weekly.length === 0) return undefined;
  const exceptions = await db
    .selectFrom('openingException')
    .select(['localDate', 'opensAtMinute', 'closesAtMinute'])
    .where('tenantId', '=', tenantId)
    .where('localDate', '>=', sql<string>`to_char(now() - interval '2 days', 'YYYY-MM-DD')`)
    .orderBy('localDate')
    .execute();
  return { timeZone, weekly, exceptions };
}
