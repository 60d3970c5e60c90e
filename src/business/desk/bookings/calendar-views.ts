import type { Temporal } from 'temporal-polyfill';
import type { z } from 'zod';
import {
  type Interval,
  loadOpeningTimes,
  localDateOf,
  openingsOn,
  parseLocalDate,
} from '../../catalog/opening-hours/opening-hours.ts';
import type { ServiceId, ResourceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import type { Booking } from './booking.ts';
import { formatTime, toBookings } from './booking-names.ts';
import { countByDay, listBetween } from './booking-queries.ts';
import { freeSlotsIn, loadCalendar } from './calendar.ts';
import type { availabilitySchema, daySchema, monthSchema } from './calendar-answers.ts';
import { gapsIn } from './gaps.ts';
import { listAllResources } from '../../catalog/resources/resources.ts';
import { getOfferedService } from '../../catalog/services/services.ts';
import { answeredSlot, refuseTooFarAhead } from './wish.ts';

/* Views of the calendar: free times, and bookings by month and day. */

export interface OfferedSlot {
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly localTime: string;
  readonly spokenTime: string;
}

/** Free times of a service from a day on (today by default), soonest first. */
export async function listFreeSlots(
  tx: Tx,
  input: {
    /** Id, slug or name. */
    readonly service: string;
    /** `2026-11-24`, in the zone of the business. */
    readonly fromDate?: string | undefined;
    readonly days?: number | undefined;
    readonly limit?: number | undefined;
    readonly now: Date;
  },
): Promise<readonly OfferedSlot[]> {
  const { timeZone } = await getTenant(tx);
  const firstDay = firstDayOf(input.fromDate, { timeZone, now: input.now, pointer: '/fromDate' });
  const service = await getOfferedService(tx, input.service);
  const days = Math.min(Math.max(input.days ?? 7, 1), 31);
  const calendar = await loadCalendar(tx, { service, timeZone, firstDay, days });
  return freeSlotsIn(calendar, input.now)
    .slice(0, input.limit ?? 12)
    .map(({ startsAtMs, endsAtMs }) => {
      const startsAt = new Date(startsAtMs);
      return { startsAt, endsAt: new Date(endsAtMs), ...formatTime(startsAt, timeZone) };
    });
}

/** Free times of each day, days without any included. */
export async function findAvailability(
  tx: Tx,
  request: {
    readonly serviceId: ServiceId;
    readonly resourceId?: ResourceId | undefined;
    readonly from?: string | undefined;
    readonly days: number;
    readonly now: Date;
  },
): Promise<z.output<typeof availabilitySchema>> {
  const { serviceId, resourceId, days, now } = request;
  const { timeZone } = await getTenant(tx);
  const firstDay = firstDayOf(request.from, { timeZone, now, pointer: '/querystring/from' });
  const service = await getOfferedService(tx, serviceId);
  const slots = freeSlotsIn(await loadCalendar(tx, { service, timeZone, firstDay, days, resourceId }), now);
  const byDate = Map.groupBy(
    slots.map((slot) => answeredSlot(slot, timeZone)),
    ({ localTime }) => localTime.slice(0, 'yyyy-mm-dd'.length),
  );
  return {
    timeZone,
    days: daysFrom(firstDay, days).map((day) => ({
      date: day.toString(),
      slots: byDate.get(day.toString()) ?? [],
    })),
  };
}

/** A month such as `2026-11`, by local days of the business. */
export async function getMonth(tx: Tx, month: string): Promise<z.output<typeof monthSchema>> {
  const firstDay = parseLocalDate(`${month}-01`, '/querystring/month');
  const days = daysFrom(firstDay, firstDay.daysInMonth);
  const { timeZone } = await getTenant(tx);
  const lastDay = days.at(-1)!;
  const boundaries = [...days, lastDay.add({ days: 1 })].map((day) => beginningOf(day, timeZone));
  const rows = await countByDay(tx, boundaries);
  const [from, to] = [firstDay.toString(), lastDay.toString()];
  const times = await loadOpeningTimes(tx, { timeZone, from, to });
  const countOf = (index: number, status: Booking['status']): number =>
    rows.find((row) => row.day === index + 1 && row.status === status)?.count ?? 0;
  return {
    month,
    timeZone,
    days: days.map((day, index) => ({
      date: day.toString(),
      isOpen: openingsOn(day, times).length > 0,
      booked: countOf(index, 'booked'),
      completed: countOf(index, 'completed'),
      cancelled: countOf(index, 'cancelled'),
      noShow: countOf(index, 'no_show'),
    })),
  };
}

/** One day, by resource. */
export async function getDay(tx: Tx, date: string): Promise<z.output<typeof daySchema>> {
  const day = parseLocalDate(date, '/querystring/date');
  const { timeZone } = await getTenant(tx);
  const openings = openingsOn(day, await loadOpeningTimes(tx, { timeZone, from: date, to: date }));
  const rows = await listBetween(tx, {
    from: beginningOf(day, timeZone),
    until: beginningOf(day.add({ days: 1 }), timeZone),
  });
  const bookings = Map.groupBy(await toBookings(tx, rows), ({ resourceId }) => resourceId);
  const resources = await listAllResources(tx);
  return {
    date,
    timeZone,
    openings: openings.map(answeredInterval),
    resources: resources
      .filter(({ id, active }) => active || bookings.has(id))
      .map(({ id, name, active }) => ({
        resourceId: id,
        name,
        active,
        bookings: bookings.get(id) ?? [],
        free: active ? gapsIn(openings, busyTimes(bookings.get(id) ?? [])).map(answeredInterval) : [],
      })),
  };
}

function busyTimes(bookings: readonly Booking[]): readonly Interval[] {
  return bookings
    .filter(({ status }) => status === 'booked')
    .map(({ startsAt, blockedUntil }) => ({
      startsAtMs: startsAt.getTime(),
      endsAtMs: blockedUntil.getTime(),
    }));
}

function answeredInterval({ startsAtMs, endsAtMs }: Interval): { startsAt: string; endsAt: string } {
  return { startsAt: new Date(startsAtMs).toISOString(), endsAt: new Date(endsAtMs).toISOString() };
}

/** The requested day, or today; `pointer` is its place in the request. */
function firstDayOf(
  asked: string | undefined,
  { timeZone, now, pointer }: { readonly timeZone: string; readonly now: Date; readonly pointer: string },
): Temporal.PlainDate {
  const today = localDateOf(now, timeZone);
  const day = asked === undefined ? today : parseLocalDate(asked, pointer);
  refuseTooFarAhead(day.since(today, { largestUnit: 'days' }).days, pointer);
  return day;
}

function daysFrom(firstDay: Temporal.PlainDate, days: number): readonly Temporal.PlainDate[] {
  return Array.from({ length: days }, (_, index) => firstDay.add({ days: index }));
}

/** A day may begin at 01:00, where daylight saving starts at midnight. */
function beginningOf(day: Temporal.PlainDate, timeZone: string): Date {
  return new Date(day.toZonedDateTime(timeZone).epochMilliseconds);
}
