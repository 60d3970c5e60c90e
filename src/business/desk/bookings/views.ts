import type { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { BookingId, ServiceId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { parseReference } from '../../tenancy/references/reference.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { freeSlotsIn, loadCalendar, loadOpeningTimes, type Slot } from './calendar.ts';
import { gapsIn } from './gaps.ts';
import * as lists from './list-queries.ts';
import { formatLocalTime, localDateOf, parseLocalDate, spokenTime } from './local-time.ts';
import { getService } from './offer.ts';
import { type Interval, openingsOn } from './opening-times.ts';
import type { Booking } from './service.ts';
import { refuseTooFarAhead } from './wish.ts';

/* The calendar as people look at it: what is free, what is booked, by list, month and day. */

export interface ListBookings extends PageRequest, lists.BookingFilter {
  readonly q?: string | undefined;
  readonly order: 'soonest' | 'latest';
}

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.string()]);

export function listBookings<Item>(
  db: Db,
  tenantId: TenantId,
  { limit, cursor, q, ...filter }: ListBookings,
  present: (booking: Booking) => Item,
): Promise<Page<Item>> {
  const key = cursor === undefined ? undefined : decodeCursor(cursor, position);
  const after = key === undefined ? undefined : { startsAt: key[0], id: key[1] as BookingId };
  const reference = q === undefined ? undefined : (parseReference('booking', q) ?? '');
  return inTenant(db, tenantId, async (transaction) => {
    const { timeZone } = await getTenant(transaction, tenantId);
    const listing = { ...filter, reference, after, limit: limit + 1 };
    const rows = await lists.listBookings(transaction, tenantId, listing);
    return toPage(
      rows,
      limit,
      ({ startsAt, id }) => [startsAt.toISOString(), id],
      (row) => present(inZone(row, timeZone)),
    );
  });
}

export interface FreeDay {
  readonly date: string;
  readonly slots: readonly (Slot & { readonly localTime: string })[];
}

/** Free times of each day, days without any included. */
export function findAvailability(
  db: Db,
  tenantId: TenantId,
  request: {
    readonly serviceId: ServiceId;
    readonly resourceId?: BookingResourceId | undefined;
    readonly from?: string | undefined;
    readonly days: number;
    readonly now: Date;
  },
): Promise<{ readonly timeZone: string; readonly days: readonly FreeDay[] }> {
  const { serviceId, resourceId, days, now } = request;
  return inTenant(db, tenantId, async (transaction) => {
    const { timeZone } = await getTenant(transaction, tenantId);
    const today = localDateOf(now, timeZone);
    const firstDay = request.from === undefined ? today : parseLocalDate(request.from, '/querystring/from');
    refuseTooFarAhead(firstDay.since(today, { largestUnit: 'days' }).days, '/querystring/from');
    const service = await getService(transaction, tenantId, serviceId);
    const wanted = { service, timeZone, firstDay, days, resourceId };
    const slots = freeSlotsIn(await loadCalendar(transaction, tenantId, wanted), now);
    const told = slots.map((slot) => ({
      ...slot,
      localTime: formatLocalTime(new Date(slot.startsAtMs), timeZone),
    }));
    const byDate = Map.groupBy(told, ({ localTime }) => localTime.slice(0, 'yyyy-mm-dd'.length));
    return {
      timeZone,
      days: daysFrom(firstDay, days).map((day) => ({
        date: day.toString(),
        slots: byDate.get(day.toString()) ?? [],
      })),
    };
  });
}

export interface MonthDay {
  readonly date: string;
  readonly isOpen: boolean;
  readonly counts: Readonly<Record<Booking['status'], number>>;
}

/** `2026-11`, day by day on the calendar of the business. */
export function getMonth(
  db: Db,
  tenantId: TenantId,
  month: string,
): Promise<{ readonly month: string; readonly timeZone: string; readonly days: readonly MonthDay[] }> {
  const firstDay = parseLocalDate(`${month}-01`, '/querystring/month');
  const days = daysFrom(firstDay, firstDay.daysInMonth);
  return inTenant(db, tenantId, async (transaction) => {
    const { timeZone } = await getTenant(transaction, tenantId);
    const lastDay = days.at(-1)!;
    const boundaries = [...days, lastDay.add({ days: 1 })].map((day) => beginningOf(day, timeZone));
    const rows = await lists.countByDay(transaction, tenantId, boundaries);
    const times = await loadOpeningTimes(transaction, tenantId, { timeZone, firstDay, lastDay });
    const countOf = (index: number, status: Booking['status']): number =>
      rows.find((row) => row.day === index + 1 && row.status === status)?.count ?? 0;
    return {
      month,
      timeZone,
      days: days.map((day, index) => ({
        date: day.toString(),
        isOpen: openingsOn(day, times).length > 0,
        counts: {
          booked: countOf(index, 'booked'),
          completed: countOf(index, 'completed'),
          cancelled: countOf(index, 'cancelled'),
          no_show: countOf(index, 'no_show'),
        },
      })),
    };
  });
}

export interface ResourceDay {
  readonly resourceId: BookingResourceId;
  readonly name: string;
  readonly active: boolean;
  readonly bookings: readonly Booking[];
  readonly free: readonly Interval[];
}

export interface Day {
  readonly date: string;
  readonly timeZone: string;
  readonly openings: readonly Interval[];
  readonly resources: readonly ResourceDay[];
}

/** One day, resource by resource. */
export function getDay(db: Db, tenantId: TenantId, date: string): Promise<Day> {
  const day = parseLocalDate(date, '/querystring/date');
  return inTenant(db, tenantId, async (transaction) => {
    const { timeZone } = await getTenant(transaction, tenantId);
    const times = await loadOpeningTimes(transaction, tenantId, { timeZone, firstDay: day, lastDay: day });
    const openings = openingsOn(day, times);
    const rows = await lists.listBetween(transaction, tenantId, {
      from: beginningOf(day, timeZone),
      until: beginningOf(day.add({ days: 1 }), timeZone),
    });
    const byResource = Map.groupBy(rows, ({ resourceId }) => resourceId);
    const resources = await lists.listAllResources(transaction, tenantId);
    return {
      date,
      timeZone,
      openings,
      resources: resources
        .filter(({ id, active }) => active || byResource.has(id))
        .map(({ id, name, active }) => {
          const bookings = byResource.get(id) ?? [];
          const busy = bookings
            .filter(({ status }) => status === 'booked')
            .map(({ startsAt, blockedUntil }) => ({
              startsAtMs: startsAt.getTime(),
              endsAtMs: blockedUntil.getTime(),
            }));
          return {
            resourceId: id,
            name,
            active,
            bookings: bookings.map((row) => inZone(row, timeZone)),
            free: active ? gapsIn(openings, busy) : [],
          };
        }),
    };
  });
}

function inZone(row: Omit<Booking, 'localTime' | 'spokenTime'>, timeZone: string): Booking {
  const { startsAt } = row;
  return {
    ...row,
    localTime: formatLocalTime(startsAt, timeZone),
    spokenTime: spokenTime(startsAt, timeZone),
  };
}

function daysFrom(firstDay: Temporal.PlainDate, days: number): readonly Temporal.PlainDate[] {
  return Array.from({ length: days }, (_, index) => firstDay.add({ days: index }));
}

/** Where the clocks change at midnight, a day begins at one. */
function beginningOf(day: Temporal.PlainDate, timeZone: string): Date {
  return new Date(day.toZonedDateTime(timeZone).epochMilliseconds);
}
