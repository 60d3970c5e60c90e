import type { Interval } from '../../catalog/opening-hours/opening-hours.ts';

export interface FreeSlotQuestion<ResourceId extends string> {
  readonly openings: readonly Interval[];
  /** Busy intervals by resource; only resources with an entry are considered. */
  readonly busy: ReadonlyMap<ResourceId, readonly Interval[]>;
  readonly durationMs: number;
  /** The resource stays busy this much longer, also after closing time. */
  readonly bufferMs: number;
  /** Earliest start. */
  readonly notBeforeMs: number;
}

export interface FreeSlot<ResourceId extends string> extends Interval {
  /** The free resources. */
  readonly resourceIds: readonly ResourceId[];
}

// Slots start every half hour (or quarter, for short services) after opening, so that they are few and easy to say.
const longStepMs = 30 * 60_000;
const shortStepMs = 15 * 60_000;

/** All free slots: the service is within opening hours, and service and buffer do not overlap bookings. */
export function freeSlots<ResourceId extends string>(
  question: FreeSlotQuestion<ResourceId>,
): readonly FreeSlot<ResourceId>[] {
  const stepMs = question.durationMs < longStepMs ? shortStepMs : longStepMs;
  const slots: FreeSlot<ResourceId>[] = [];
  for (const opening of question.openings) {
    const lastStartMs = opening.endsAtMs - question.durationMs;
    for (let startsAtMs = opening.startsAtMs; startsAtMs <= lastStartMs; startsAtMs += stepMs) {
      if (startsAtMs < question.notBeforeMs) continue;
      const resourceIds = freeResources(question, startsAtMs);
      if (resourceIds.length === 0) continue;
      slots.push({ startsAtMs, endsAtMs: startsAtMs + question.durationMs, resourceIds });
    }
  }
  return slots;
}

/** The resources that are free for a service at this time, regardless of opening hours. */
export function freeResources<ResourceId extends string>(
  question: Pick<FreeSlotQuestion<ResourceId>, 'busy' | 'durationMs' | 'bufferMs'>,
  startsAtMs: number,
): readonly ResourceId[] {
  const blockedUntilMs = startsAtMs + question.durationMs + question.bufferMs;
  return [...question.busy]
    .filter(([, taken]) =>
      taken.every(({ startsAtMs: from, endsAtMs: to }) => to <= startsAtMs || blockedUntilMs <= from),
    )
    .map(([resourceId]) => resourceId);
}

export function isWithin(openings: readonly Interval[], startsAtMs: number, endsAtMs: number): boolean {
  return openings.some((opening) => opening.startsAtMs <= startsAtMs && endsAtMs <= opening.endsAtMs);
}

/** The slots nearest to the wanted time, in ascending order. */
export function nearestSlots<Slot extends Interval>(
  slots: readonly Slot[],
  wishedAtMs: number,
  count: number,
): readonly Slot[] {
  return slots
    .toSorted((a, b) => Math.abs(a.startsAtMs - wishedAtMs) - Math.abs(b.startsAtMs - wishedAtMs))
    .slice(0, count)
    .toSorted((a, b) => a.startsAtMs - b.startsAtMs);
}
