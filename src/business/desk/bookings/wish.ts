import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, InvalidInput } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { BookingId } from '../../tenancy/references/ids.ts';
import { freeSlotsIn, loadCalendar, type Slot } from './calendar.ts';
import { freeResources, isWithin, nearestSlots } from './free-slots.ts';
import { formatLocalTime, localDateOf, spokenTime } from './local-time.ts';
import type { Service } from './offer.ts';
import type { BookedTime } from './queries.ts';

// As far ahead as people plan; beyond it a date is more likely misheard than meant.
const maxDaysAhead = 366;
const daysSearchedForOthers = 14;
const othersOffered = 3;

/** When somebody would like to come, and for what. */
export interface Wish {
  readonly service: Service;
  readonly timeZone: string;
  readonly startsAt: Date;
  readonly now: Date;
  readonly except?: BookingId | undefined;
  /** Nobody else will do. */
  readonly resourceId?: BookingResourceId | undefined;
}

/** Resources that look free then; throws when the business is closed or all of them are busy. */
export async function freeResourcesFor(
  db: Db,
  tenantId: TenantId,
  wish: Wish,
): Promise<readonly BookingResourceId[]> {
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
  const calendar = await loadCalendar(db, tenantId, { ...wish, firstDay, days: 2 });
  if (!isWithin(calendar.openings, startsAtMs, startsAtMs + calendar.durationMs)) {
    const when = spokenTime(wish.startsAt, wish.timeZone);
    throw await refusal(db, tenantId, wish, {
      code: 'outside-opening-hours',
      reason: `${when} is outside opening hours for ${wish.service.name}.`,
    });
  }
  const resources = freeResources(calendar, startsAtMs);
  if (resources.length === 0) throw await takenWithOthers(db, tenantId, wish);
  return resources;
}

export async function takenWithOthers(db: Db, tenantId: TenantId, wish: Wish): Promise<Conflict> {
  const reason = `${spokenTime(wish.startsAt, wish.timeZone)} is taken.`;
  return refusal(db, tenantId, wish, { code: 'slot-taken', reason });
}

/** Says the free times nearby, and lists them for programs. */
async function refusal(
  db: Db,
  tenantId: TenantId,
  wish: Wish,
  { code, reason }: { readonly code: 'slot-taken' | 'outside-opening-hours'; readonly reason: string },
): Promise<Conflict> {
  const slots = await others(db, tenantId, wish);
  const freeSlots = slots.map((slot) => ({
    startsAt: new Date(slot.startsAtMs).toISOString(),
    endsAt: new Date(slot.endsAtMs).toISOString(),
    localTime: formatLocalTime(new Date(slot.startsAtMs), wish.timeZone),
    resourceIds: slot.resourceIds,
  }));
  return new Conflict(`${reason} ${spokenOffer(slots, wish.timeZone)}`, { code, data: { freeSlots } });
}

async function others(db: Db, tenantId: TenantId, wish: Wish): Promise<readonly Slot[]> {
  const today = localDateOf(wish.now, wish.timeZone);
  const weekBefore = localDateOf(wish.startsAt, wish.timeZone).subtract({ days: daysSearchedForOthers / 2 });
  const firstDay = weekBefore.since(today).sign < 0 ? today : weekBefore;
  const calendar = await loadCalendar(db, tenantId, { ...wish, firstDay, days: daysSearchedForOthers });
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

export function bookedTime(wish: Wish, resourceId: BookingResourceId): BookedTime {
  const endsAtMs = wish.startsAt.getTime() + wish.service.durationMinutes * 60_000;
  return {
    resourceId,
    startsAt: wish.startsAt,
    endsAt: new Date(endsAtMs),
    blockedUntil: new Date(endsAtMs + wish.service.bufferMinutes * 60_000),
  };
}

/** `pointer` is where the client wrote the day. */
export function refuseTooFarAhead(days: number, pointer: string): void {
  if (days <= maxDaysAhead) return;
  throw new InvalidInput(
    'That is more than a year ahead.',
    [{ pointer, detail: `must be at most ${maxDaysAhead} days ahead` }],
    { code: 'too-far-ahead', data: { maxDaysAhead } },
  );
}
