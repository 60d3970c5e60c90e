import { z } from 'zod';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { checkVersion, contentVersion, type ExpectedVersions } from '../../../platform/data/version.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import {
  type OpeningWeek,
  parseRanges,
  rangeOf,
  type SpecialDay,
  type Versioned,
  weekdays,
  weekOf,
  hoursOf,
} from './hours.ts';
import { openingHoursEvents, specialDayEvents, specialDaysEvents } from './opening-hours-events.ts';
import * as queries from './opening-hours-queries.ts';
import { refuseStrangeRanges } from './opening-times.ts';

export async function getWeek(tx: Tx): Promise<Versioned<OpeningWeek>> {
  return versioned(weekOf(await queries.listWeek(tx)));
}

/** Replaces the whole week. */
export async function changeWeek(
  tx: Tx,
  actor: TenantActor,
  after: OpeningWeek,
  ifMatch?: ExpectedVersions,
): Promise<Versioned<OpeningWeek>> {
  for (const weekday of weekdays) refuseStrangeRanges(parseRanges(after[weekday]), `/${weekday}`);
  await queries.lockHours(tx);
  const before = await getWeek(tx);
  checkVersion(ifMatch, before.version);
  await queries.replaceWeek(tx, hoursOf(after));
  const stored = await getWeek(tx);
  await happened(tx, actor, openingHoursEvents.updated({ subject: 'opening-hours', before, after: stored }));
  return stored;
}

export interface ListSpecialDays extends PageRequest {
  readonly from?: string | undefined;
  /** Inclusive. */
  readonly to?: string | undefined;
}

/** Soonest first. */
export async function listSpecialDays(
  tx: Tx,
  { limit, cursor, from, to }: ListSpecialDays,
): Promise<Page<SpecialDay>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string()]))[0];
  const dates = await queries.listDates(tx, { from, to, after, limit: limit + 1 });
  return toPage(
    await load(tx, dates),
    limit,
    ({ date }) => [date],
    (day) => day,
  );
}

export async function getSpecialDay(tx: Tx, date: string): Promise<Versioned<SpecialDay>> {
  const [day] = await load(tx, [date]);
  if (day === undefined) throw new NotFound('There is no special day on this date.');
  return versioned(day);
}

/** Replaces the hours of a day. */
export async function putSpecialDay(
  tx: Tx,
  actor: TenantActor,
  day: SpecialDay,
  ifMatch?: ExpectedVersions,
): Promise<Versioned<SpecialDay>> {
  await queries.lockHours(tx);
  const [before] = await load(tx, [day.date]);
  checkVersion(ifMatch, contentVersion(before ?? null));
  await store(tx, [day], () => '/ranges');
  const after = await getSpecialDay(tx, day.date);
  const fact =
    before === undefined
      ? specialDayEvents.created({ subject: day.date, after })
      : specialDayEvents.updated({ subject: day.date, before, after });
  await happened(tx, actor, fact);
  return after;
}

/** Imports a list of special days, all of them or none. Other days stay. */
export async function importSpecialDays(
  tx: Tx,
  actor: TenantActor,
  days: readonly SpecialDay[],
): Promise<{ readonly imported: number }> {
  await queries.lockHours(tx);
  // Of a day that occurs twice the last counts.
  const imported = [...new Map(days.map((day) => [day.date, day])).values()];
  await store(tx, imported, (date) => `/days/${days.findLastIndex((day) => day.date === date)}/ranges`);
  const details = { days: imported };
  await happened(tx, actor, specialDaysEvents.imported({ subject: 'special-days', details }));
  return { imported: imported.length };
}

export async function removeSpecialDay(tx: Tx, actor: TenantActor, date: string): Promise<void> {
  await queries.lockHours(tx);
  const before = await getSpecialDay(tx, date);
  await queries.deleteDate(tx, date);
  await happened(tx, actor, specialDayEvents.deleted({ subject: date, before }));
}

/** `pointerTo` names where the client wrote the hours of a day. */
async function store(
  tx: Tx,
  days: readonly SpecialDay[],
  pointerTo: (date: string) => string,
): Promise<void> {
  const closed = [{ opensAtMinute: null, closesAtMinute: null }];
  const rows = days.flatMap(({ date, ranges: given, reason }) => {
    const ranges = parseRanges(given);
    refuseStrangeRanges(ranges, pointerTo(date));
    return (ranges.length === 0 ? closed : ranges).map((range) => ({ localDate: date, reason, ...range }));
  });
  await queries.replaceRanges(tx, rows);
}

async function load(tx: Tx, dates: readonly string[]): Promise<readonly SpecialDay[]> {
  const byDate = Map.groupBy(await queries.listRanges(tx, dates), ({ localDate }) => localDate);
  return [...byDate].map(([date, rows]) => ({
    date,
    reason: rows[0]!.reason,
    ranges: rows.flatMap(rangeOf),
  }));
}

function versioned<Value extends object>(value: Value): Versioned<Value> {
  return { ...value, version: contentVersion(value) };
}
