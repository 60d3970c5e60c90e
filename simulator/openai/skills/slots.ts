import type { Desk } from '../desk.ts';
import { itemsOf } from '../results.ts';
import { spokenList, spokenTime } from '../spoken.ts';
import type { Day } from '../understanding/calendar.ts';

/** A time that is free, on the clocks of the business. */
export interface Slot {
  readonly day: Day;
  readonly hour: number;
  readonly minute: number;
  /** As the tool wrote it, which is how other tools want it back. */
  readonly value: string;
}

const TIMESTAMP = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?/g;

/** Free times that were found or offered in this matter, from the last tool result. */
export function knownSlots(desk: Desk, toolNames: readonly string[]): readonly Slot[] {
  const runs = desk.since.flatMap((exchange) => exchange.runs).filter(({ name }) => toolNames.includes(name));
  const slots = new Map<string, Slot>();
  for (const { result, failure } of runs.toReversed()) {
    const values = failure ? (failure.reason.match(TIMESTAMP) ?? []) : itemsOf(result).map(startOf);
    for (const value of values)
      if (value !== undefined) slots.set(value, slotAt(value, zoneOf(desk.directory)));
  }
  return [...slots.values()].toSorted((a, b) => keyOf(a).localeCompare(keyOf(b)));
}

function startOf(item: Readonly<Record<string, unknown>>): string | undefined {
  const entries = Object.entries(item).filter(([name, value]) => isTime(value) && !/end/i.test(name));
  const local =
    entries.find(([name]) => /local/i.test(name)) ?? entries.find(([name]) => /start/i.test(name));
  return (local ?? entries[0])?.[1] as string | undefined;
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(value);
}

export function slotAt(value: string, timeZone: string | undefined): Slot {
  const local = value.endsWith('Z') && timeZone ? localised(value, timeZone) : value;
  return {
    day: local.slice(0, 10),
    hour: Number(local.slice(11, 13)),
    minute: Number(local.slice(14, 16)),
    value,
  };
}

/** `2026-11-24T10:30` of an instant, in the zone of the business. */
function localised(value: string, timeZone: string): string {
  return new Date(value).toLocaleString('sv-SE', { timeZone }).replace(' ', 'T');
}

function zoneOf(directory: string): string | undefined {
  return /\b([A-Z][A-Za-z_]+\/[A-Z][A-Za-z_/]+)\b/.exec(directory)?.[1];
}

function keyOf({ day, hour, minute }: Slot): string {
  return `${day} ${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** "ten o'clock, half past ten or eleven o'clock" */
export function spokenSlots(slots: readonly Slot[]): string {
  return spokenList(
    slots.map(({ hour, minute }) => spokenTime(hour, minute)),
    'or',
  );
}
