import type { Temporal } from 'temporal-polyfill';
import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { BookingId } from '../../tenancy/references/ids.ts';
import { type FreeSlotQuestion, type FreeSlot, freeSlots } from './free-slots.ts';
import type { Service } from './offer.ts';
import { type Interval, joined, openingsOn, type OpeningTimes } from './opening-times.ts';
import * as queries from './queries.ts';

export type Slot = FreeSlot<BookingResourceId>;

/** The days a booking may fall on, with all that decides whether it can. */
export type Calendar = Omit<FreeSlotQuestion<BookingResourceId>, 'notBeforeMs'>;

export interface CalendarRequest {
  readonly service: Service;
  readonly timeZone: string;
  readonly firstDay: Temporal.PlainDate;
  readonly days: number;
  /** The booking that is being moved does not stand in its own way. */
  readonly except?: BookingId | undefined;
  /** Nobody else will do. */
  readonly resourceId?: BookingResourceId | undefined;
}

/** When the business is open on these days, both included. */
export async function loadOpeningTimes(
  db: Db,
  tenantId: TenantId,
  request: {
    readonly timeZone: string;
    readonly firstDay: Temporal.PlainDate;
    readonly lastDay: Temporal.PlainDate;
  },
): Promise<OpeningTimes> {
  const { timeZone, firstDay, lastDay } = request;
  const weekly = await queries.listWeeklyHours(db, tenantId);
  const exceptions = await queries.listExceptions(db, tenantId, firstDay.toString(), lastDay.toString());
  return { timeZone, weekly, exceptions };
}

/** Within the tenant's transaction. */
export async function loadCalendar(db: Db, tenantId: TenantId, request: CalendarRequest): Promise<Calendar> {
  const { service, timeZone, firstDay, days } = request;
  const dates = Array.from({ length: days }, (_, index) => firstDay.add({ days: index }));
  const times = await loadOpeningTimes(db, tenantId, { timeZone, firstDay, lastDay: dates.at(-1)! });
  const openings = joined(dates.flatMap((day) => openingsOn(day, times)));
  const bufferMs = service.bufferMinutes * 60_000;
  return {
    openings,
    durationMs: service.durationMinutes * 60_000,
    bufferMs,
    busy: await loadBusy(db, tenantId, openings, bufferMs, request),
  };
}

async function loadBusy(
  db: Db,
  tenantId: TenantId,
  openings: readonly Interval[],
  bufferMs: number,
  { service, except, resourceId: wished }: CalendarRequest,
): Promise<ReadonlyMap<BookingResourceId, readonly Interval[]>> {
  const performers = await queries.listPerformers(db, tenantId, service.id);
  const resources = performers.filter(({ id }) => wished === undefined || id === wished);
  if (wished !== undefined && resources.length === 0) {
    throw new InvalidInput(
      `This resource does not perform ${service.name}.`,
      [{ pointer: '/resourceId', detail: 'must be active, and perform the service' }],
      { code: 'resource-not-suitable' },
    );
  }
  const busy = new Map<BookingResourceId, Interval[]>(resources.map(({ id }) => [id, []]));
  const first = openings.at(0);
  const last = openings.at(-1);
  if (first === undefined || last === undefined) return busy;
  const bookings = await queries.listBusy(db, tenantId, {
    from: new Date(first.startsAtMs),
    until: new Date(last.endsAtMs + bufferMs),
    except,
  });
  for (const { resourceId, startsAt, blockedUntil } of bookings) {
    busy.get(resourceId)?.push({ startsAtMs: startsAt.getTime(), endsAtMs: blockedUntil.getTime() });
  }
  return busy;
}

export function freeSlotsIn(calendar: Calendar, now: Date): readonly Slot[] {
  return freeSlots({ ...calendar, notBeforeMs: now.getTime() });
}
