import {
  bookAppointment,
  listBookings,
  listFreeSlots,
  settleBooking,
} from '../../src/business/desk/bookings/bookings.ts';
import { finishCall, ingestRecords, type PriceTable } from '../../src/business/record/calls/calls.ts';
import { findOrCreateCustomerByPhone } from '../../src/business/customers/customers.ts';
import { changeOrder, createOrder, listOrders } from '../../src/business/desk/orders/orders.ts';
import { changeTicket, createTicket, listTickets } from '../../src/business/desk/tickets/tickets.ts';
import { takeMessage } from '../../src/business/desk/messages/messages.ts';
import { agentActor, systemActor } from '../../src/business/tenancy/actor/actor.ts';
import type { Tenancy, Tx } from '../../src/business/tenancy/tenancy.ts';
import type { CustomerId } from '../../src/business/tenancy/ids/ids.ts';
import { CallStory, type StoryLine } from './call-story.ts';
import { SeededRandom } from './seeded-random.ts';
import { complaints, people, questions } from './people.ts';

const DAYS = 21;
const DAY_MS = 86_400_000;
const SEED = 20_261_121;

interface Day {
  readonly tenancy: Tenancy;
  readonly line: StoryLine;
  readonly chance: SeededRandom;
  readonly startedAt: Date;
  readonly person: (typeof people)[number];
}

/** Inserts three weeks of calls with their bookings, orders and tickets, always the same. */
export async function seedHistory(
  { tenancy }: Pick<Day, 'tenancy'>,
  lines: readonly [StoryLine, ...StoryLine[]],
  { now, prices }: { readonly now: Date; readonly prices: PriceTable },
): Promise<number> {
  const chance = new SeededRandom(SEED);
  let calls = 0;
  for (let daysAgo = DAYS; daysAgo >= 1; daysAgo -= 1) {
    const day = new Date(now.getTime() - daysAgo * DAY_MS);
    const isWeekend = [0, 6].includes(day.getUTCDay());
    for (let left = isWeekend ? chance.between(1, 3) : chance.between(5, 9); left > 0; left -= 1) {
      // Mostly in opening hours: nine to six in New York is 14 to 23 UTC.
      const startedAt = new Date(day);
      startedAt.setUTCHours(chance.between(14, 22), chance.between(0, 59), chance.between(0, 59), 0);
      const about = { line: chance.of(lines), chance, startedAt, person: chance.of(people) };
      await seedCall({ tenancy, ...about }, prices);
      calls += 1;
    }
  }
  const { tenantId } = lines[0];
  await tenancy.run({ tenantId }, async (tx) => {
    await settleBookings(tx, now);
    const lastWeek = new Date(now.getTime() - 7 * DAY_MS);
    await deliverOrders(tx, lastWeek);
    await resolveTickets(tx, lastWeek);
  });
  return calls;
}

async function seedCall(day: Day, prices: PriceTable): Promise<void> {
  const { tenancy, line, chance, startedAt, person } = day;
  const story = new CallStory(line, { from: person.phone, startedAt, chance });
  const kinds = [book, book, book, order, order, complain, ask, ask, ask, leaveMessage] as const;
  const kind = chance.between(1, 12) > 10 ? hangUpEarly : chance.of(kinds);
  const records = await kind(story, day);
  await ingestRecords(tenancy, records);
  await tenancy.run(line, (tx) => finishCall(tx, story.callId, prices));
}

type Told = ReturnType<CallStory['end']>;

async function customerOf({ tenancy, line, person }: Day): Promise<CustomerId> {
  return (await tenancy.run(line, (tx) => findOrCreateCustomerByPhone(tx, person))).id;
}

async function book(story: CallStory, day: Day): Promise<Told> {
  const { tenancy, line, chance, startedAt, person } = day;
  const agent = agentActor(line.tenantId, story.callId);
  const service = chance.of(['tune-up', 'puncture-repair', 'wheel-truing', 'full-service']);
  const spoken = service.replace('-', ' ');
  const slots = await tenancy.run(agent, (tx) =>
    listFreeSlots(tx, { service, now: startedAt, days: 7, limit: 40 }),
  );
  const slot = slots[chance.between(0, Math.max(0, slots.length - 1))];
  story.caller(`Hello, I would like to book a ${spoken} for my bicycle, please.`);
  if (slot === undefined) {
    story.agent('I am sorry, the workshop is full this week. Would you like to leave a message?');
    return story.caller('No, thank you, I will call again.').end('caller-hung-up');
  }
  const wish = { service, startsAt: slot.localTime, customerId: await customerOf(day) };
  const booking = await tenancy.run(agent, (tx) =>
    bookAppointment(tx, agent, { ...wish, callId: story.callId, createdAt: startedAt, now: startedAt }),
  );
  const { reference, spokenTime } = booking;
  story
    .tool('find_free_slots', { service, days: 7 }, { free: [{ localTime: slot.localTime, spokenTime }] })
    .agent(
      `We have ${spokenTime} free. Does that suit you?`,
      'answer',
      chance.between(1, 5) === 1 ? 5 : undefined,
    )
    .caller(`Yes, that is fine. The name is ${person.name}.`)
    .tool(
      'book_appointment',
      { service, startsAt: slot.localTime, callerName: person.name },
      { status: 'booked', booking: { reference, spokenTime } },
    )
    .agent(`You are booked for ${spokenTime}. Your reference is ${reference}. Is there anything else?`)
    .caller('No, thank you. Goodbye.')
    .agent('Thank you for calling. Goodbye!');
  return story.end('agent-said-goodbye');
}

async function order(story: CallStory, day: Day): Promise<Told> {
  const { tenancy, line, chance, startedAt, person } = day;
  const [product, name] = chance.of([
    ['inner-tube', 'inner tube'],
    ['floor-pump', 'floor pump'],
    ['pannier-bag', 'pannier bag'],
    ['u-lock', 'U-lock'],
    ['city-helmet', 'city helmet'],
  ] as const);
  const quantity = product === 'inner-tube' ? chance.between(1, 4) : 1;
  const customerId = await customerOf(day);
  const agent = agentActor(line.tenantId, story.callId);
  const made = { customerId, callId: story.callId, createdAt: startedAt };
  const placed = await tenancy.run(agent, (tx) =>
    createOrder(tx, agent, { items: [{ product, quantity }], ...made }),
  );
  const { reference } = placed;
  story
    .caller(`Hi, do you have the ${name} in stock? I would like ${quantity}.`)
    .tool('list_products', { query: name }, { products: [{ product, name }] })
    .agent(`Yes, we have it. Shall I put ${quantity} aside for you, to be paid when you collect?`)
    .caller(`Yes, please. My name is ${person.name}.`)
    .tool(
      'create_order',
      { items: [{ product, quantity }], callerName: person.name },
      { status: 'placed', order: { reference } },
    )
    .agent(`It is ordered. Your reference is ${reference}. Is there anything else I can do?`)
    .caller('That was all, thanks.')
    .agent('Thank you for calling. Goodbye!');
  return story.end('agent-said-goodbye');
}

async function complain(story: CallStory, day: Day): Promise<Told> {
  const { tenancy, line, chance, startedAt } = day;
  const { said, subject, category, priority } = chance.of(complaints);
  const customerId = await customerOf(day);
  const agent = agentActor(line.tenantId, story.callId);
  const made = { customerId, callId: story.callId, createdAt: startedAt };
  const ticket = await tenancy.run(agent, (tx) =>
    createTicket(tx, agent, { subject, category, priority, description: said, ...made }),
  );
  const { reference } = ticket;
  story
    .caller(said)
    .agent('I am sorry about that. Shall I open a ticket, so that the team looks into it?')
    .caller('Yes, please do.')
    .tool(
      'create_ticket',
      { subject, category, priority, description: said },
      { status: 'created', ticket: { reference } },
    )
    .agent(`I have opened ticket ${reference}. Somebody will call you back. Is there anything else?`)
    .caller('No, that is all. Bye.')
    .agent('Goodbye!');
  return story.end('agent-said-goodbye');
}

async function ask(story: CallStory, { chance }: Day): Promise<Told> {
  const { asked, answered } = chance.of(questions);
  story.caller(asked).agent(answered).caller('Great, thank you. Goodbye.').agent('You are welcome. Goodbye!');
  return story.end('agent-said-goodbye');
}

async function leaveMessage(story: CallStory, day: Day): Promise<Told> {
  const { tenancy, line, person, startedAt } = day;
  const body = 'Please call me back about the bicycle I left with you.';
  const customerId = await customerOf(day);
  const agent = agentActor(line.tenantId, story.callId);
  const made = { customerId, callId: story.callId, createdAt: startedAt };
  await tenancy.run(agent, (tx) =>
    takeMessage(tx, agent, { body, callerName: person.name, callerPhone: person.phone, ...made }),
  );
  story
    .caller('Could somebody from the workshop call me back, please?')
    .agent('Of course. Who is calling, and what is it about?')
    .caller(`It is ${person.name}, about the bicycle I left with you.`)
    .tool('take_message', { message: body, callerName: person.name }, { status: 'taken' })
    .agent('I have passed it on. Goodbye!');
  return story.end('agent-said-goodbye');
}

async function hangUpEarly(story: CallStory, { chance }: Day): Promise<Told> {
  if (chance.between(1, 2) === 1) return story.end('caller-hung-up');
  return story.caller('Oh, sorry, wrong number.').end('caller-hung-up');
}

/** Sets the outcome of past bookings, most of which were kept. */
async function settleBookings(tx: Tx, now: Date): Promise<void> {
  const seed = systemActor(tx.tenantId, 'seed');
  const yesterday = new Date(now.getTime() - DAY_MS);
  for (;;) {
    const past = { status: ['booked'], to: yesterday, order: 'soonest', limit: 100 } as const;
    const { data } = await listBookings(tx, past);
    if (data.length === 0) return;
    for (const { id, reference } of data) {
      const status = reference.endsWith('7') ? 'no_show' : 'completed';
      await settleBooking(tx, seed, id, { status, now });
    }
  }
}

/** Marks orders older than a week as collected. */
async function deliverOrders(tx: Tx, lastWeek: Date): Promise<void> {
  const seed = systemActor(tx.tenantId, 'seed');
  for (;;) {
    const { data } = await listOrders(tx, { status: ['placed'], to: lastWeek, limit: 100 });
    if (data.length === 0) return;
    for (const { id } of data) await changeOrder(tx, seed, id, { changes: { status: 'delivered' } });
  }
}

/** Resolves tickets older than a week. */
async function resolveTickets(tx: Tx, lastWeek: Date): Promise<void> {
  const seed = systemActor(tx.tenantId, 'seed');
  for (;;) {
    const { data } = await listTickets(tx, { status: ['open'], to: lastWeek, limit: 100 });
    if (data.length === 0) return;
    for (const { id } of data) await changeTicket(tx, seed, id, { changes: { status: 'resolved' } });
  }
}
