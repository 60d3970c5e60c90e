import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';

/** One who changes the hours of a tenant at a time: rows that are not there yet cannot be held. */
export async function lockHours(db: Db, tenantId: TenantId): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`opening hours ${tenantId}`}, 0))`.execute(db);
}

export function listWeek(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('openingHours')
    .select(['weekday', 'opensAtMinute', 'closesAtMinute'])
    .where('tenantId', '=', tenantId)
    .orderBy('weekday')
    .orderBy('opensAtMinute')
    .execute();
}

export interface DateFilter {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The dates alone, soonest first. Dates compare as text because they are written year first. */
export async function listDates(db: Db, tenantId: TenantId, filter: DateFilter): Promise<string[]> {
  const { from, to, after, limit } = filter;
  const rows = await db
    .selectFrom('openingException')
    .select('localDate')
    .distinct()
    .where('tenantId', '=', tenantId)
    .$if(from !== undefined, (query) => query.where('localDate', '>=', from!))
    .$if(to !== undefined, (query) => query.where('localDate', '<=', to!))
    .$if(after !== undefined, (query) => query.where('localDate', '>', after!))
    .orderBy('localDate')
    .limit(limit)
    .execute();
  return rows.map(({ localDate }) => localDate);
}

export function listRanges(db: Db, tenantId: TenantId, dates: readonly string[]) {
  return db
    .selectFrom('openingException')
    .select(['localDate', 'opensAtMinute', 'closesAtMinute', 'reason'])
    .where('tenantId', '=', tenantId)
    .where('localDate', 'in', [...dates])
    .orderBy('localDate')
    .orderBy('opensAtMinute')
    .execute();
}

export function deleteDate(db: Db, tenantId: TenantId, localDate: string) {
  return db
    .deleteFrom('openingException')
    .where('tenantId', '=', tenantId)
    .where('localDate', '=', localDate)
    .execute();
}
