import type { NamedResource } from '../../catalog/resources/resources.ts';
import { Conflict, InvalidInput } from '../../../platform/process/errors.ts';
import type { BookingId, ResourceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { BookingRow } from './booking-table.ts';
import { freeSlotsIn, loadCalendar, type Slot } from './calendar.ts';
import { freeResources, isWithin, nearestSlots } from './free-slots.ts';
import { formatLocalTime, localDateOf, spokenTime } from '../../catalog/opening-hours/opening-hours.ts';
import type { Service } from '../../catalog/services/services.ts';

// Beyond this a date is more likely misheard than intended.
const maxDaysAhead = 366;
const daysSearchedForOthers = 14;
const othersOffered = 3;

/** A wanted booking: the service and the time. */
export interface Wish {
  readonly service: Service;
  readonly timeZone: string;
  readonly startsAt: Date;
  readonly now: Date;
  readonly except?: BookingId | undefined;
  /** Requires this resource. */
  readonly resourceId?: ResourceId | undefined;
}

/** Resources that are free at the wanted time; throws if the business is closed or all are busy. */
export async function freeResourcesFor(tx: Tx, wish: Wish): Promise<readonly NamedResource[]> {
  const startsAtMs = wish.startsAt.getTime();
  if (startsAtMs < wish.now.getTime()) {
    const now = formatLocalTime(wish.now, wish.timeZone);
    throw new InvalidInput(
      `That time is past: it is ${now} now.`,
      [{ pointer: '/startsAt', detail: 'must be in the future' }],
      { code: 'time-past', data: { now } },
    );
  }
  refuseTooFarAhead((startsAtMs - wish.now.getTime()) / 86_400_000, '/startsAt');
  const firstDay = localDateOf(wish.startsAt, wish.timeZone);
  const calendar = await loadCalendar(tx, { ...wish, firstDay, days: 2 });
  if (!isWithin(calendar.openings, startsAtMs, startsAtMs + calendar.durationMs)) {
    const when = spokenTime(wish.startsAt, wish.timeZone);
    throw await refusal(tx, wish, {
      code: 'outside-opening-hours',
      reason: `${when} is outside opening hours for ${wish.service.name}.`,
    });
  }
  const free = new Set(freeResources(calendar, startsAtMs));
  if (free.size === 0) throw await takenWithOthers(tx, wish);
  return calendar.performers.filter(({ id }) => free.has(id));
}

export async function takenWithOthers(tx: Tx, wish: Wish): Promise<Conflict> {
  const reason = `${spokenTime(wish.startsAt, wish.timeZone)} is taken.`;
  return refusal(tx, wish, { code: 'slot-taken', reason });
}

/** The error for a time that is not free: it names free times nearby, and lists them in its data. */
async function refusal(
  tx: Tx,
  wish: Wish,
  { code, reason }: { readonly code: 'slot-taken' | 'outside-opening-hours'; readonly reason: string },
): Promise<Conflict> {
  const slots = await others(tx, wish);
  const freeSlots = slots.map((slot) => answeredSlot(slot, wish.timeZone));
  return new Conflict(`${reason} ${spokenOffer(slots, wish.timeZone)}`, { code, data: { freeSlots } });
}

/** A free time in responses. */
export function answeredSlot({ startsAtMs, endsAtMs, resourceIds }: Slot, timeZone: string) {
  return {
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(endsAtMs).toISOString(),
    localTime: formatLocalTime(new Date(startsAtMs), timeZone),
    resourceIds: [...resourceIds],
  };
}

async function others(tx: Tx, wish: Wish): Promise<readonly Slot[]> {
  const today = localDateOf(wish.now, wish.timeZone);
  const weekBefore = localDateOf(wish.startsAt, wish.timeZone).subtract({ days: daysSearchedForOthers / 2 });
  const firstDay = weekBefore.since(today).sign < 0 ? today : weekBefore;
  const calendar = await loadCalendar(tx, { ...wish, firstDay, days: daysSearchedForOthers });
  return nearestSlots(freeSlotsIn(calendar, wish.now), wish.startsAt.getTime(), othersOffered);
}

function spokenOffer(slots: readonly Slot[], timeZone: string): string {
  if (slots.length === 0) return 'Nothing is free near then.';
  const times = slots.map(
    ({ startsAtMs }) =>
      `${spokenTime(new Date(startsAtMs), timeZone)} (${formatLocalTime(new Date(startsAtMs), timeZone)})`,
  );
  return `Free nearby: ${times.join('; ')}.`;
}

/** The columns of a booking of this time and resource. */
export function bookedTime(
  wish: Wish,
  resourceId: ResourceId,
): Pick<BookingRow, 'resourceId' | 'startsAt' | 'endsAt' | 'blockedUntil'> {
  const endsAtMs = wish.startsAt.getTime() + wish.service.durationMinutes * 60_000;
  return {
    resourceId,
    startsAt: wish.startsAt,
    endsAt: new Date(endsAtMs),
    blockedUntil: new Date(endsAtMs + wish.service.bufferMinutes * 60_000),
  };
}

/** `pointer` is the place of the day in the request. */
export function refuseTooFarAhead(days: number, pointer: string): void {
  if (days <= maxDaysAhead) return;
  throw new InvalidInput(
    'That is more than a year ahead.',
    [{ pointer, detail: `must be at most ${maxDaysAhead} days ahead` }],
    { code: 'too-far-ahead', data: { maxDaysAhead } },
  );
}
