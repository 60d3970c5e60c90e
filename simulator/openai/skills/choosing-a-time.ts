import type { Desk, Move } from '../desk.ts';
import type { Exchange } from '../exchanges.ts';
import { spokenTime } from '../spoken.ts';
import type { Details } from '../tool-arguments.ts';
import { addDays, findDay, onDay, type Day } from '../understanding/calendar.ts';
import { findTime, isTime, likelyHour, type ClockTime } from '../understanding/clock-time.ts';
import { isYes, plain } from '../understanding/intent.ts';
import { knownSlots, spokenSlots, type Slot } from './slots.ts';

const SOON =
  /\b(as soon as possible|soonest|earliest|next available|first available|any ?time|any day|whenever)\b/;
const PARTS: readonly (readonly [RegExp, from: number, until: number])[] = [
  [/\bmorning\b/, 0, 12],
  [/\bafternoon\b/, 12, 17],
  [/\bevening\b/, 17, 24],
];
const OFFERED_AT_ONCE = 3;
const WOULD_THAT_SUIT = 'Would that suit you?';

/** Finds a free time: asks for the day, searches, offers times, and reads the choice. */
export function chooseTime(desk: Desk, writeTool: string, search: Details): Slot | Move {
  const day = desk.latest((said) => findDay(said, desk.today));
  const time = desk.latest(timeIn);
  const wantsSoonest = desk.latest((said) => (SOON.test(plain(said)) ? true : undefined)) ?? false;
  const taken = takenTimes(desk, writeTool);
  const slots = knownSlots(desk, ['find_free_slots', writeTool]).filter(({ value }) => !taken.has(value));
  const chosen = chosenSlot(desk, slots, day);
  if (chosen) return chosen;
  if (day === undefined && !wantsSoonest && slots.length === 0) return { text: 'What day would suit you?' };
  const from = day ?? desk.today;
  const look =
    search.service === undefined ? undefined : lookUp(desk, from, day === undefined ? 7 : 1, search);
  if (look) return look;
  if (!desk.offers('find_free_slots') || search.service === undefined) return withoutSearch(day, time);
  if (day !== undefined && slots.every((slot) => slot.day !== day)) {
    return lookUp(desk, addDays(day, 1), 7, search) ?? offerAnotherDay(desk, slots, day, time);
  }
  return offer(desk, slots, day, time);
}

function lookUp(desk: Desk, from: Day, days: number, search: Details): Move | undefined {
  const isDone = desk
    .runs('find_free_slots', desk.since)
    .some(
      ({ arguments: args }) =>
        JSON.stringify(args).includes(from) && Object.values(args).includes(search.service),
    );
  return isDone ? undefined : desk.use('find_free_slots', { ...search, day: from, days });
}

function timeIn(said: string, { agentBefore }: Exchange): ClockTime | undefined {
  return findTime(said, /\b(o'clock|half past|quarter|noon|time|suit)\b/.test(agentBefore));
}

function takenTimes(desk: Desk, writeTool: string): ReadonlySet<unknown> {
  const failed = desk.since
    .flatMap(({ runs }) => runs)
    .filter(({ name, failure }) => name === writeTool && failure);
  return new Set(failed.flatMap(({ arguments: args }) => Object.values(args)));
}

/** What was said last decides, whether it names a time, a place in the list, or agrees to the one time offered. */
function chosenSlot(desk: Desk, slots: readonly Slot[], day: Day | undefined): Slot | undefined {
  const offered = day === undefined ? slots : slots.filter((slot) => slot.day === day);
  return desk.latest((said, exchange): { slot: Slot | undefined } | undefined => {
    const agreed = isYes(said) ? proposedSlot(desk, slots, exchange.agentBefore) : undefined;
    if (agreed) return { slot: agreed };
    const time = timeIn(said, exchange);
    if (time) return { slot: offered.find((slot) => isTime(time, slot.hour, slot.minute)) };
    const slot = choiceByPlace(said, exchange.agentBefore, inPart(desk, offered));
    return slot && { slot };
  })?.slot;
}

function proposedSlot(desk: Desk, slots: readonly Slot[], agentBefore: string): Slot | undefined {
  if (!agentBefore.includes(WOULD_THAT_SUIT)) return undefined;
  return slots.find((slot) => agentBefore.includes(proposal(slot, desk.today)));
}

/** "The first one", or a plain yes when only one was offered. */
function choiceByPlace(said: string, agentBefore: string, offered: readonly Slot[]): Slot | undefined {
  if (!/\bI have\b|\bthere is\b/i.test(agentBefore)) return undefined;
  const shown = offered.slice(0, OFFERED_AT_ONCE);
  const text = plain(said);
  if (/\b(first|earliest|earlier|any|either)\b/.test(text)) return shown[0];
  if (/\bsecond\b/.test(text)) return shown[1];
  if (/\b(last|third|latest|later)\b/.test(text)) return shown.at(-1);
  return shown.length === 1 && isYes(said) ? shown[0] : undefined;
}

function inPart(desk: Desk, slots: readonly Slot[]): readonly Slot[] {
  const part = desk.latest((said) => PARTS.find(([pattern]) => pattern.test(plain(said))));
  if (!part) return slots;
  const [, from, until] = part;
  return slots.filter(({ hour }) => hour >= from && hour < until);
}

function offer(desk: Desk, slots: readonly Slot[], day: Day | undefined, time: ClockTime | undefined): Move {
  const onTheDay = day === undefined ? slots : slots.filter((slot) => slot.day === day);
  if (onTheDay.length === 0)
    return { text: "I'm sorry, we have nothing free this week. What other day would suit you?" };
  const firstDay = onTheDay[0]!.day;
  const fitting = inPart(
    desk,
    onTheDay.filter((slot) => slot.day === firstDay),
  );
  const shown = time
    ? nearest(
        onTheDay.filter((slot) => slot.day === firstDay),
        time,
      )
    : (fitting.length > 0 ? fitting : onTheDay).slice(0, OFFERED_AT_ONCE);
  const apology = time ? `${capital(spokenTime(likelyHour(time), time.minute))} isn't free, I'm sorry. ` : '';
  return {
    text: `${apology}${capital(onDay(firstDay, desk.today))} I have ${spokenSlots(shown)}. Which would suit you?`,
  };
}

/** The next day that has anything, at about the time that was wished for. */
function offerAnotherDay(desk: Desk, slots: readonly Slot[], day: Day, time: ClockTime | undefined): Move {
  const apology = `I'm sorry, we have nothing free ${onDay(day, desk.today)}.`;
  const later = slots.filter((slot) => slot.day > day);
  const nextDay = later.filter((slot) => slot.day === later[0]?.day);
  const next = time ? nearest(nextDay, time, 1)[0] : nextDay[0];
  if (!next) return { text: `${apology} What other day would suit you?` };
  return { text: `${apology} ${proposal(next, desk.today)} ${WOULD_THAT_SUIT}` };
}

function proposal(slot: Slot, today: Day): string {
  return `I do have ${spokenSlot(slot, today).replace(/^on /, '')}.`;
}

function nearest(slots: readonly Slot[], time: ClockTime, count = OFFERED_AT_ONCE): readonly Slot[] {
  const wanted = likelyHour(time) * 60 + time.minute;
  const distance = ({ hour, minute }: Slot) => Math.abs(hour * 60 + minute - wanted);
  return slots
    .toSorted((a, b) => distance(a) - distance(b))
    .slice(0, count)
    .toSorted((a, b) => a.hour * 60 + a.minute - b.hour * 60 - b.minute);
}

/** Without a tool for free times, the wanted time is used for the booking. */
function withoutSearch(day: Day | undefined, time: ClockTime | undefined): Slot | Move {
  if (day === undefined) return { text: 'What day would suit you?' };
  if (time === undefined) return { text: 'And what time?' };
  const hour = likelyHour(time);
  const value = `${day}T${String(hour).padStart(2, '0')}:${String(time.minute).padStart(2, '0')}`;
  return { day, hour, minute: time.minute, value };
}

export function spokenSlot({ day, hour, minute }: Slot, today: Day): string {
  return `${onDay(day, today)} at ${spokenTime(hour, minute)}`;
}

export function isSlot(next: Slot | Move): next is Slot {
  return 'value' in next;
}

function capital(text: string): string {
  return text === '' ? text : text[0]!.toUpperCase() + text.slice(1);
}
