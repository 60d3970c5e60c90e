import type { Interval } from '../../catalog/opening-hours/opening-hours.ts';

export interface FreeSlotQuestion<ResourceId extends string> {
  readonly openings: readonly Interval[];
  /** What is taken, by resource; a resource without an entry does not exist. */
  readonly busy: ReadonlyMap<ResourceId, readonly Interval[]>;
  readonly durationMs: number;
  /** The resource stays busy this much longer; it may run past closing time. */
  readonly bufferMs: number;
  /** Nothing starts before. */
  readonly notBeforeMs: number;
}

export interface FreeSlot<ResourceId extends string> extends Interval {
  /** Any of these can take it. */
  readonly resourceIds: readonly ResourceId[];
}

// Times are offered on the half hour (or quarter, for short services) after opening: few, and easy to say.
const longStepMs = 30 * 60_000;
const shortStepMs = 15 * 60_000;

/** Every start that fits: the service within opening hours, service and buffer clear of what is booked. */
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

/** Who could take a service that starts then, opening hours aside. */
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

/** The few slots nearest to a wish, in the order of time. */
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
