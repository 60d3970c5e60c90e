import { sql } from 'kysely';
import { matching } from '../../../platform/data/matching.ts';
import type { SystemTx, Tx } from '../../tenancy/tenancy.ts';
import type { OpeningException, OpeningTimes, WeeklyHours } from './opening-times.ts';

/** Takes an advisory lock for changes of a tenant's hours, because rows that do not exist yet cannot be locked. */
export async function lockHours(tx: Tx): Promise<void> {
  const key = `opening hours ${tx.tenantId}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${key}, 0))`.execute(tx);
}

export function listWeek(tx: Tx): Promise<readonly WeeklyHours[]> {
  return tx
    .selectFrom('openingHours')
    .select(['weekday', 'opensAtMinute', 'closesAtMinute'])
    .where('tenantId', '=', tx.tenantId)
    .orderBy('weekday')
    .orderBy('opensAtMinute')
    .execute();
}

export async function replaceWeek(tx: Tx, hours: readonly WeeklyHours[]): Promise<void> {
  const { tenantId } = tx;
  await tx.deleteFrom('openingHours').where('tenantId', '=', tenantId).execute();
  if (hours.length === 0) return;
  const rows = hours.map(({ weekday, opensAtMinute, closesAtMinute }) => ({
    tenantId,
    weekday,
    opensAtMinute,
    closesAtMinute,
  }));
  await tx.insertInto('openingHours').values(rows).execute();
}

/** The dates, ascending, `to` inclusive. ISO dates can be compared as text. */
export async function listDates(
  tx: Tx,
  filter: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<string[]> {
  const { from, to, after, limit } = filter;
  let query = tx
    .selectFrom('openingException')
    .select('localDate')
    .distinct()
    .where(matching('openingException', { tenantId: tx.tenantId, localDate: { from } }))
    .orderBy('localDate')
    .limit(limit);
  if (to !== undefined) query = query.where('localDate', '<=', to);
  if (after !== undefined) query = query.where('localDate', '>', after);
  return (await query.execute()).map(({ localDate }) => localDate);
}

export function listRanges(tx: Tx, dates: readonly string[]) {
  return tx
    .selectFrom('openingException')
    .select(['localDate', 'opensAtMinute', 'closesAtMinute', 'reason'])
    .where(matching('openingException', { tenantId: tx.tenantId, localDate: dates }))
    .orderBy('localDate')
    .orderBy('opensAtMinute')
    .execute();
}

/** Replaces the hours of these days. */
export async function replaceRanges(
  tx: Tx,
  rows: readonly (OpeningException & { readonly reason: string })[],
): Promise<void> {
  const { tenantId } = tx;
  const dates = rows.map(({ localDate }) => localDate);
  await tx
    .deleteFrom('openingException')
    .where(matching('openingException', { tenantId, localDate: dates }))
    .execute();
  if (rows.length === 0) return;
  await tx
    .insertInto('openingException')
    .values(rows.map((row) => ({ tenantId, ...row })))
    .execute();
}

export async function deleteDate(tx: Tx, localDate: string): Promise<void> {
  await tx
    .deleteFrom('openingException')
    .where(matching('openingException', { tenantId: tx.tenantId, localDate }))
    .execute();
}

/** The weekly hours, and the special days from `from` to `to`, both inclusive. */
export async function loadOpeningTimes(
  tx: Tx,
  { timeZone, from, to }: { readonly timeZone: string; readonly from: string; readonly to?: string },
): Promise<OpeningTimes> {
  // One statement, because every booking needs it.
  const { rows } = await sql<{
    weekday: number | null;
    localDate: string | null;
    opensAtMinute: number | null;
    closesAtMinute: number | null;
  }>`
    select weekday, null as local_date, opens_at_minute, closes_at_minute from opening_hours
    where tenant_id = ${tx.tenantId}
    union all
    select null, local_date, opens_at_minute, closes_at_minute from opening_exception
    where tenant_id = ${tx.tenantId} and local_date >= ${from} and local_date <= ${to ?? '9999-12-31'}
    order by weekday, local_date, opens_at_minute`.execute(tx);
  return {
    timeZone,
    weekly: rows.flatMap(({ weekday, opensAtMinute, closesAtMinute }) =>
      weekday === null ? [] : [{ weekday, opensAtMinute: opensAtMinute!, closesAtMinute: closesAtMinute! }],
    ),
    exceptions: rows.flatMap(({ localDate, opensAtMinute, closesAtMinute }) =>
      localDate === null ? [] : [{ localDate, opensAtMinute, closesAtMinute }],
    ),
  };
}

/** Across tenants: the weekly hours of every business. */
export function listEveryWeek(tx: SystemTx) {
  return tx
    .selectFrom('openingHours')
    .select(['tenantId', 'weekday', 'opensAtMinute', 'closesAtMinute'])
    .orderBy('weekday')
    .orderBy('opensAtMinute')
    .execute();
}

/** Across tenants: the special days of every business from now on. */
export function listEverySpecialDay(tx: SystemTx) {
  return (
    tx
      .selectFrom('openingException')
      .select(['tenantId', 'localDate', 'opensAtMinute', 'closesAtMinute'])
      // In some time zones it may still be the day before.
      .where('localDate', '>=', sql<string>`to_char(now() - interval '2 days', 'YYYY-MM-DD')`)
      .orderBy('localDate')
      .execute()
  );
}
