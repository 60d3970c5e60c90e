import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { setOpeningHours, setSpecialDays, type SpecialDay } from '../../desk/bookings/offer.ts';
import type { WeeklyHours } from '../../desk/bookings/opening-times.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as queries from './queries.ts';
import { presentSpecialDay, presentWeek } from './schema.ts';

export function getWeek(db: Db, tenantId: TenantId): Promise<readonly WeeklyHours[]> {
  return inTenant(db, tenantId, (transaction) => queries.listWeek(transaction, tenantId));
}

/** Replaces the whole week. */
export function changeWeek(
  db: Db,
  actor: TenantActor,
  hours: readonly WeeklyHours[],
  ifMatch: string | undefined,
): Promise<readonly WeeklyHours[]> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    await queries.lockHours(transaction, tenantId);
    const before = presentWeek(await queries.listWeek(transaction, tenantId));
    checkMatch(ifMatch, before);
    await setOpeningHours(transaction, tenantId, hours);
    const after = await queries.listWeek(transaction, tenantId);
    await recordChange(transaction, actor, {
      action: 'opening-hours.updated',
      resource: 'opening-hours',
      before,
      after: presentWeek(after),
    });
    return after;
  });
}

export interface ListSpecialDays extends PageRequest {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Soonest first. */
export function listSpecialDays<Item>(
  db: Db,
  tenantId: TenantId,
  { limit, cursor, from, to }: ListSpecialDays,
  present: (day: SpecialDay) => Item,
): Promise<Page<Item>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string()]))[0];
  return inTenant(db, tenantId, async (transaction) => {
    const dates = await queries.listDates(transaction, tenantId, { from, to, after, limit: limit + 1 });
    const days = await load(transaction, tenantId, dates);
    return toPage(days, limit, ({ localDate }) => [localDate], present);
  });
}

export function getSpecialDay(db: Db, tenantId: TenantId, localDate: string): Promise<SpecialDay> {
  return inTenant(db, tenantId, (transaction) => getDay(transaction, tenantId, localDate));
}

/** Replaces what was said of that day. */
export function putSpecialDay(
  db: Db,
  actor: TenantActor,
  day: SpecialDay,
  ifMatch: string | undefined,
): Promise<SpecialDay> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    await queries.lockHours(transaction, tenantId);
    const [before] = await load(transaction, tenantId, [day.localDate]);
    checkMatch(ifMatch, before === undefined ? null : presentSpecialDay(before));
    await setSpecialDays(transaction, tenantId, [day]);
    const after = await getDay(transaction, tenantId, day.localDate);
    await recordChange(transaction, actor, {
      action: before === undefined ? 'special-day.created' : 'special-day.updated',
      resource: 'special-day',
      resourceId: day.localDate,
      before,
      after,
    });
    return after;
  });
}

/** A list of holidays: all of them or none. Days that are not in it stay. */
export function importSpecialDays(
  db: Db,
  actor: TenantActor,
  days: readonly SpecialDay[],
): Promise<{ readonly imported: number }> {
  const { tenantId } = actor;
  // Named twice, the last counts.
  const byDate = new Map(days.map((day) => [day.localDate, day]));
  return inTenant(db, tenantId, async (transaction) => {
    await queries.lockHours(transaction, tenantId);
    await setSpecialDays(
      transaction,
      tenantId,
      [...byDate.values()],
      (date) => `/days/${days.findLastIndex(({ localDate }) => localDate === date)}/ranges`,
    );
    const after = { days: [...byDate.values()] };
    await recordChange(transaction, actor, {
      action: 'special-days.imported',
      resource: 'special-day',
      after,
    });
    return { imported: byDate.size };
  });
}

export function removeSpecialDay(db: Db, actor: TenantActor, localDate: string): Promise<void> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    await queries.lockHours(transaction, tenantId);
    const before = await getDay(transaction, tenantId, localDate);
    await queries.deleteDate(transaction, tenantId, localDate);
    await recordChange(transaction, actor, {
      action: 'special-day.deleted',
      resource: 'special-day',
      resourceId: localDate,
      before,
    });
  });
}

async function getDay(transaction: Db, tenantId: TenantId, localDate: string): Promise<SpecialDay> {
  const [day] = await load(transaction, tenantId, [localDate]);
  if (day === undefined) throw new NotFound('This day has no special hours.');
  return day;
}

async function load(
  transaction: Db,
  tenantId: TenantId,
  dates: readonly string[],
): Promise<readonly SpecialDay[]> {
  if (dates.length === 0) return [];
  const rows = await queries.listRanges(transaction, tenantId, dates);
  return [...Map.groupBy(rows, ({ localDate }) => localDate)].map(([localDate, ofDay]) => ({
    localDate,
    reason: ofDay[0]!.reason,
    ranges: ofDay.flatMap(({ opensAtMinute, closesAtMinute }) =>
      opensAtMinute === null || closesAtMinute === null ? [] : [{ opensAtMinute, closesAtMinute }],
    ),
  }));
}
