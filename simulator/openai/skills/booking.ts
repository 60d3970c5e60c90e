import type { Desk, Move } from '../desk.ts';
import { findText, nameOf, recordOf, referenceOf, type Item } from '../results.ts';
import { spokenList, spokenReference, withArticle } from '../spoken.ts';
import { findMentioned } from '../understanding/details.ts';
import { ANYTHING_ELSE, cannot, confirm, explain } from './answering.ts';
import { chooseTime, isSlot, spokenSlot } from './choosing-a-time.ts';
import { slotAt } from './slots.ts';

const TOOL = 'book_appointment';

/** Makes a booking: asks for the service, the time, the name and a confirmation. */
export function book(desk: Desk): Move {
  if (!desk.offers(TOOL)) return cannot(desk, 'book that');
  const done = desk.runs(TOOL, desk.since).at(-1);
  if (done) return { text: report(desk, done.result) };
  const { lastRun } = desk;
  if (lastRun?.failure && lastRun.failure.kind !== 'refused') return explain(lastRun.failure, desk);
  const services = desk.listed('list_services');
  if (!services) {
    const look = desk.use('list_services');
    if (look) return look;
  }
  const service = chosenService(desk, services ?? []);
  if (services && !service) return { text: whichService(services) };
  const name = service ? serviceKey(service) : 'appointment';
  const next = chooseTime(desk, TOOL, { service: name });
  if (!isSlot(next)) return next;
  const about = service ? withArticle(nameOf(service)) : 'an appointment';
  return (
    desk.missingAboutCaller(TOOL) ??
    confirm(desk, `That is ${about} ${spokenSlot(next, desk.today)}.`, 'Shall I book it?') ??
    desk.use(TOOL, { service: name, startsAt: next.value }) ?? {
      text: 'I could not book that. What other time would suit you?',
    }
  );
}

function chosenService(desk: Desk, services: readonly Item[]): Item | undefined {
  if (services.length === 1) return services[0];
  return desk.latest((said) => findMentioned(said, services, nameOf));
}

function whichService(services: readonly Item[]): string {
  const names = services.slice(0, 3).map((service) => withArticle(nameOf(service)));
  return `What would you like to book? For example ${spokenList(names, 'or')}.`;
}

/** How other tools name a service: its id if there is one, else the short name, else the name. */
function serviceKey(service: Item): string {
  return (
    findText(service, /^(serviceId|id)$/i) ?? findText(service, /^(service|slug|key)$/i) ?? nameOf(service)
  );
}

function report(desk: Desk, result: unknown): string {
  const booking = recordOf(result);
  const reference = referenceOf(result);
  const value = findText(booking, /local/i) ?? findText(booking, /start/i);
  const when = value === undefined ? '' : ` ${spokenSlot(slotAt(value, undefined), desk.today)}`;
  const what = nameOf(booking);
  const ending = reference ? ` Your reference is ${spokenReference(reference)}.` : '';
  return `You're booked${what ? ` for ${withArticle(what)}` : ''}${when}.${ending} ${ANYTHING_ELSE}`;
}
