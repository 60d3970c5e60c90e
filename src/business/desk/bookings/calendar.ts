import type { Temporal } from 'temporal-polyfill';
import { InvalidInput } from '../../../platform/process/errors.ts';
import type { BookingId, ResourceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { listBusy } from './booking-queries.ts';
import { type FreeSlot, type FreeSlotQuestion, freeSlots } from './free-slots.ts';
import type { NamedResource } from '../../catalog/resources/resources.ts';
import { listPerformers, type Service } from '../../catalog/services/services.ts';
import {
  type Interval,
  joined,
  loadOpeningTimes,
  openingsOn,
} from '../../catalog/opening-hours/opening-hours.ts';

export type Slot = FreeSlot<ResourceId>;

/** The days on which a booking may fall, with everything that decides whether a time is free. */
export interface Calendar extends Omit<FreeSlotQuestion<ResourceId>, 'notBeforeMs'> {
  readonly performers: readonly NamedResource[];
}

export interface CalendarRequest {
  readonly service: Service;
  readonly timeZone: string;
  readonly firstDay: Temporal.PlainDate;
  readonly days: number;
  /** Ignores the booking that is being moved. */
  readonly except?: BookingId | undefined;
  /** Requires this resource. */
  readonly resourceId?: ResourceId | undefined;
}

export async function loadCalendar(tx: Tx, request: CalendarRequest): Promise<Calendar> {
  const { service, timeZone, firstDay, days } = request;
  const dates = Array.from({ length: days }, (_, index) => firstDay.add({ days: index }));
  const [from, to] = [firstDay.toString(), dates.at(-1)!.toString()];
  const times = await loadOpeningTimes(tx, { timeZone, from, to });
  const openings = joined(dates.flatMap((day) => openingsOn(day, times)));
  const bufferMs = service.bufferMinutes * 60_000;
  const performers = await performersOf(tx, request);
  return {
    openings,
    durationMs: service.durationMinutes * 60_000,
    bufferMs,
    performers,
    busy: await loadBusy(tx, { performers, openings, bufferMs, except: request.except }),
  };
}

async function performersOf(
  tx: Tx,
  { service, resourceId }: CalendarRequest,
): Promise<readonly NamedResource[]> {
  const performers = await listPerformers(tx, service);
  if (resourceId === undefined) return performers;
  const wished = performers.filter(({ id }) => id === resourceId);
  if (wished.length > 0) return wished;
  throw new InvalidInput(
    `This resource does not perform ${service.name}.`,
    [{ pointer: '/resourceId', detail: 'must be active, and perform the service' }],
    { code: 'resource-not-suitable' },
  );
}

async function loadBusy(
  tx: Tx,
  question: {
    readonly performers: readonly NamedResource[];
    readonly openings: readonly Interval[];
    readonly bufferMs: number;
    readonly except: BookingId | undefined;
  },
): Promise<ReadonlyMap<ResourceId, readonly Interval[]>> {
  const { performers, openings, bufferMs, except } = question;
  const busy = new Map<ResourceId, Interval[]>(performers.map(({ id }) => [id, []]));
  const first = openings.at(0);
  const last = openings.at(-1);
  if (first === undefined || last === undefined) return busy;
  const bookings = await listBusy(tx, {
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
