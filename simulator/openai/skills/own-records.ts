import type { Desk, Move } from '../desk.ts';
import { findText, itemsOf, nameOf, recordOf, referenceOf, type Item } from '../results.ts';
import { inSentence, spokenList, spokenNumber, spokenPrice, spokenReference } from '../spoken.ts';
import { isNullable, findProperty } from '../tool-arguments.ts';
import { findReference } from '../understanding/details.ts';
import { isNo, plain } from '../understanding/intent.ts';
import { ANYTHING_ELSE, cannot, confirm, explain } from './answering.ts';
import { chooseTime, isSlot, spokenSlot } from './choosing-a-time.ts';
import { slotAt } from './slots.ts';

/** What belongs to the caller: looked up, changed, cancelled. */
interface Kind {
  readonly word: 'appointment' | 'order' | 'ticket';
  readonly findTool: string;
  /** Tools whose results contain a reference, so that the caller is not asked for it. */
  readonly foundBy: readonly string[];
}

export const APPOINTMENT: Kind = {
  word: 'appointment',
  findTool: 'find_appointment',
  foundBy: ['find_appointment', 'book_appointment', 'move_appointment'],
};
export const ORDER: Kind = { word: 'order', findTool: 'find_order', foundBy: ['find_order', 'create_order'] };
export const TICKET: Kind = {
  word: 'ticket',
  findTool: 'find_ticket',
  foundBy: ['find_ticket', 'create_ticket'],
};

/** "Where is my order?" */
export function lookUp(desk: Desk, kind: Kind): Move {
  if (!desk.offers(kind.findTool)) return cannot(desk, `look up your ${kind.word}`);
  const searches = desk.runs(kind.findTool, desk.since);
  const found = searches.findLast(({ result }) => itemsOfRecord(result).some((item) => referenceOf(item)));
  if (found) return { text: tellStatus(itemsOfRecord(found.result)[0]!, kind) };
  if (desk.lastRun?.failure) return afterFailure(desk, kind);
  const reference = desk.latest(findReference);
  if (reference !== undefined) return desk.use(kind.findTool, { reference }) ?? askReference(kind);
  if (searches.length > 0) return foundNothing(kind);
  return (canSearchWithout(desk, kind) ? desk.use(kind.findTool) : undefined) ?? askReference(kind);
}

function foundNothing({ word }: Kind): Move {
  const article = word === 'ticket' ? 'a' : 'an';
  return { text: `I can't find ${article} ${word} under your number. Do you have the reference?` };
}

export function cancel(desk: Desk, kind: Kind, tool: string): Move {
  if (!desk.offers(tool)) return cannot(desk, `cancel your ${kind.word}`);
  const done = desk.runs(tool, desk.since).at(-1);
  if (done) return { text: `Your ${kind.word} is cancelled. ${ANYTHING_ELSE}` };
  if (desk.lastRun?.failure) return afterFailure(desk, kind);
  const found = identify(desk, kind);
  if ('text' in found) return found;
  if (/\bshall i\b/i.test(desk.current?.agentBefore ?? '') && isNo(desk.current?.said ?? ''))
    return { text: `All right, your ${kind.word} stays as it is. ${ANYTHING_ELSE}` };
  const plan = `That is your ${kind.word} ${spokenReference(found.reference)}${describe(found.item, desk)}.`;
  return (
    confirm(desk, plan, 'Shall I cancel it?') ??
    desk.use(tool, { reference: found.reference, reason: 'The caller asked for it.' }) ??
    askReference(kind)
  );
}

export function moveBooking(desk: Desk): Move {
  const tool = 'move_appointment';
  if (!desk.offers(tool)) return cannot(desk, 'move your appointment');
  const done = desk.runs(tool, desk.since).at(-1);
  if (done) {
    const value = startOf(recordOf(done.result));
    const when = value === undefined ? '' : ` It is now ${spokenSlot(slotAt(value, undefined), desk.today)}.`;
    return { text: `Your appointment is moved.${when} ${ANYTHING_ELSE}` };
  }
  if (desk.lastRun?.failure && (desk.lastRun.name !== tool || desk.lastRun.failure.kind !== 'refused'))
    return afterFailure(desk, APPOINTMENT);
  const found = identify(desk, APPOINTMENT);
  if ('text' in found) return found;
  const service = findText(found.item, /^service(Id)?$/i) ?? nameOf(found.item);
  const next = chooseTime(desk, tool, service === '' ? {} : { service });
  if (!isSlot(next)) return next;
  const plan = `I can move it to ${spokenSlot(next, desk.today).replace(/^on /, '')}.`;
  return (
    confirm(desk, plan, 'Shall I do that?') ??
    desk.use(tool, { reference: found.reference, startsAt: next.value }) ?? {
      text: 'What other time would suit you?',
    }
  );
}

/** Which of the caller's records is meant, or what must be said or done to find out. */
function identify(desk: Desk, kind: Kind): { readonly reference: string; readonly item: Item } | Move {
  const said = desk.latest(findReference);
  const known = desk.exchanges
    .flatMap(({ runs }) => runs)
    .filter(({ name, failure }) => kind.foundBy.includes(name) && !failure)
    .flatMap(({ result }) => itemsOfRecord(result));
  if (said !== undefined) return { reference: said, item: known.find((item) => isSame(item, said)) ?? {} };
  const last = known.at(-1);
  const reference = last && referenceOf(last);
  if (last && reference) return { reference, item: last };
  const isLookedUp = desk.runs(kind.findTool, desk.since).length > 0;
  if (!isLookedUp && canSearchWithout(desk, kind)) {
    const look = desk.use(kind.findTool);
    if (look) return look;
  }
  return isLookedUp ? foundNothing(kind) : askReference(kind);
}

function itemsOfRecord(result: unknown): readonly Item[] {
  const record = recordOf(result);
  return referenceOf(record) !== undefined ? [record] : itemsOf(result);
}

function isSame(item: Item, said: string): boolean {
  return digitsOf(referenceOf(item) ?? '') === digitsOf(said);
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}

function canSearchWithout(desk: Desk, kind: Kind): boolean {
  if (!desk.offers(kind.findTool) || desk.isNumberWithheld) return false;
  const schema = desk.schemaOf(kind.findTool);
  const property = findProperty(schema, 'reference');
  return property === undefined || isNullable(schema, property);
}

function askReference(kind: Kind): Move {
  return { text: `What is the reference of your ${kind.word}, please?` };
}

function afterFailure(desk: Desk, kind: Kind): Move {
  const { failure } = desk.lastRun!;
  if (failure!.kind !== 'refused') return explain(failure!, desk);
  return /not|no /i.test(plain(failure!.reason)) && desk.lastRun!.name === kind.findTool
    ? { text: `I can't find that ${kind.word}, I'm sorry. Could you give me the reference once more?` }
    : explain(failure!, desk);
}

function tellStatus(item: Item, kind: Kind): string {
  const reference = spokenReference(referenceOf(item)!);
  const status = (findText(item, /^status$/i) ?? 'on record').replaceAll(/[_-]/g, ' ');
  const contents = describeItems(item);
  const total = spokenPrice(item, /total|price/i);
  const subject = findText(item, /^subject$/i);
  const about = subject ? ` about ${inSentence(subject)}` : contents ? ` for ${contents}` : '';
  const price = total && kind.word === 'order' ? ` It comes to ${total}.` : '';
  return `Your ${kind.word} ${reference}${about} is ${status}.${price} ${ANYTHING_ELSE}`;
}

function describeItems(item: Item): string {
  const items = Array.isArray(item['items']) ? itemsOf(item['items']) : [];
  const parts = items.map((part) => {
    const quantity = Number(part['quantity'] ?? 1);
    return quantity === 1
      ? `one ${inSentence(nameOf(part))}`
      : `${spokenNumber(quantity)} ${inSentence(nameOf(part))}s`;
  });
  return spokenList(parts, 'and');
}

function describe(item: Item, desk: Desk): string {
  const value = startOf(item);
  if (value !== undefined) return ` ${spokenSlot(slotAt(value, undefined), desk.today)}`;
  const contents = describeItems(item);
  return contents ? `, ${contents}` : '';
}

function startOf(item: Item): string | undefined {
  const value = findText(item, /local/i) ?? findText(item, /^start/i);
  return value && /^\d{4}-\d{2}-\d{2}T/.test(value) ? value : undefined;
}
