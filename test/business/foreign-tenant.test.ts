import { beforeAll, describe, expect, it } from 'vitest';
import { findAgentBySlug, getAgentVersion } from '../../src/business/line/agents/agents.ts';
import { listOfferedServices } from '../../src/business/catalog/services/services.ts';
import {
  bookAppointment,
  cancelBooking,
  findBooking,
  listUpcomingBookings,
  moveBooking,
} from '../../src/business/desk/bookings/bookings.ts';
import { getCall, listCalls } from '../../src/business/record/calls/call-service.ts';
import { ingestRecords } from '../../src/business/record/calls/calls.ts';
import { findCustomerByPhone, getCustomer, renameCustomer } from '../../src/business/customers/customers.ts';
import { listMessages } from '../../src/business/desk/messages/messages.ts';
import { listActiveNumbers } from '../../src/business/line/numbers/numbers.ts';
import { cancelOrder, findOrder, listOrders } from '../../src/business/desk/orders/orders.ts';
import { listProducts } from '../../src/business/catalog/products/products.ts';
import type { Tx } from '../../src/business/tenancy/tenancy.ts';
import {
  changeTicket,
  findTicket,
  listTicketHistory,
  listTickets,
} from '../../src/business/desk/tickets/tickets.ts';
import { seedDemo } from '../../db/seed.ts';
import { demoBusiness } from '../../db/seed/demo-business.ts';
import { NotFound } from '../../src/platform/process/errors.ts';
import { newId, type TenantId } from '../../src/platform/data/ids.ts';
import { aMessage, anOrder, asAgent, aTenant, aTicket, useDatabase } from './a-business.ts';
import { aBookingCall, recordsOf } from './record/calls/a-call.ts';
import { testTenancy } from '../support/test-tenancy.ts';

const at = useDatabase();
const now = new Date('2026-11-21T15:00:00Z');

async function everythingOf(tenantId: TenantId) {
  const { db, tenancy } = at;
  const customer = (await tenancy.run({ tenantId }, (tx) =>
    findCustomerByPhone(tx, demoBusiness.knownCustomer.phone),
  ))!;
  const ordered = { customerId: customer.id, limit: 5 };
  const [order] = (await tenancy.run({ tenantId }, (tx) => listOrders(tx, ordered))).data;
  const squeak = { subject: 'Squeak', description: '', customerId: customer.id };
  const ticket = await aTicket(tenancy, tenantId, squeak);
  const wish = { service: 'tune-up', startsAt: '2026-11-24T10:00', customerId: customer.id, now };
  const booking = await asAgent(at.tenancy, tenantId, (tx, agent) => bookAppointment(tx, agent, wish));
  await aMessage(tenancy, tenantId, { body: 'Hello', customerId: customer.id });
  const callId = newId('call');
  await ingestRecords(testTenancy(db), recordsOf(tenantId, callId, aBookingCall()));
  const agent = (await tenancy.run({ tenantId }, (tx) => findAgentBySlug(tx, 'front-desk')))!;
  return { customer, order: order!, ticket, booking, callId, agent };
}

describe('to another tenant', () => {
  let stranger: TenantId;
  let things: Awaited<ReturnType<typeof everythingOf>>;
  let owner: TenantId;
  const asStranger = <Result>(work: (tx: Tx) => Promise<Result>): Promise<Result> =>
    at.tenancy.run({ tenantId: stranger }, work);
  beforeAll(async () => {
    owner = (await seedDemo(at)).tenantId;
    stranger = await aTenant(at.db);
    things = await everythingOf(owner);
  });

  it('nothing is listed or found', async () => {
    const { tenancy } = at;
    const { customer, order, ticket, booking } = things;
    const found = {
      customer: await tenancy.run({ tenantId: stranger }, (tx) =>
        findCustomerByPhone(tx, demoBusiness.knownCustomer.phone),
      ),
      orders: (await asStranger((tx) => listOrders(tx, { customerId: customer.id, limit: 100 }))).data,
      order: await asStranger((tx) => findOrder(tx, { reference: order.reference })),
      products: (await asStranger((tx) => listProducts(tx, { limit: 100 }))).data,
      ticket: await asStranger((tx) => findTicket(tx, { reference: ticket.reference })),
      tickets: (await asStranger((tx) => listTickets(tx, { customerId: customer.id, limit: 100 }))).data,
      entries: await asStranger((tx) => listTicketHistory(tx, ticket.id)),
      booking: await asStranger((tx) => findBooking(tx, { id: booking.id })),
      bookings: await asStranger((tx) => listUpcomingBookings(tx, { customerId: customer.id, now })),
      services: await asStranger((tx) => listOfferedServices(tx)),
      messages: (await asStranger((tx) => listMessages(tx, { limit: 100 }))).data,
      numbers: await asStranger(listActiveNumbers),
      calls: (await tenancy.run({ tenantId: stranger }, (tx) => listCalls(tx, { limit: 10 }))).calls,
      agent: await asStranger((tx) => findAgentBySlug(tx, 'front-desk')),
    };
    for (const [what, value] of Object.entries(found)) expect([what, value ?? []]).toEqual([what, []]);
  });

  it('nothing can be read or changed by its id', async () => {
    const { tenancy } = at;
    const { customer, order, ticket, booking, callId, agent } = things;
    const attempts = {
      customer: () => tenancy.run({ tenantId: stranger }, (tx) => getCustomer(tx, customer.id)),
      rename: () => tenancy.run({ tenantId: stranger }, (tx) => renameCustomer(tx, customer.id, 'Mallory')),
      order: () => asAgent(at.tenancy, stranger, (tx, actor) => cancelOrder(tx, actor, order.id)),
      ticket: () =>
        asAgent(at.tenancy, stranger, (tx, actor) =>
          changeTicket(tx, actor, ticket.id, { changes: { comment: 'mine now' } }),
        ),
      moving: () =>
        asAgent(at.tenancy, stranger, (tx, actor) =>
          moveBooking(tx, actor, booking.id, { startsAt: '2026-11-24T12:00', now }),
        ),
      cancelling: () =>
        asAgent(at.tenancy, stranger, (tx, actor) => cancelBooking(tx, actor, booking.id, { now })),
      call: () => tenancy.run({ tenantId: stranger }, (tx) => getCall(tx, callId)),
      version: () => asStranger((tx) => getAgentVersion(tx, agent.publishedVersionId!)),
    };
    for (const attempt of Object.values(attempts)) await expect(attempt()).rejects.toThrow(NotFound);
    const tenants = await at.tenancy.run({ tenantId: stranger }, (tx) =>
      tx.selectFrom('tenant').select('id').execute(),
    );
    expect(tenants).toEqual([{ id: stranger }]);
    const still = await at.tenancy.run({ tenantId: owner }, (tx) => findBooking(tx, { id: booking.id }));
    expect(still).toEqual(booking);
  });

  it('nothing can be attached: an order for a foreign customer is refused by the database', async () => {
    const items = [{ product: 'u-lock', quantity: 1 }];
    const customerId = things.customer.id;
    await expect(anOrder(at.tenancy, stranger, { customerId, items })).rejects.toThrow(NotFound);
    await expect(
      aTicket(at.tenancy, stranger, { subject: 'x', description: '', customerId }),
    ).rejects.toMatchObject({ code: '23503' });
  });

  it('nothing is shown inside a transaction of the owner by naming the stranger, or the reverse', async () => {
    const seen = await at.tenancy.run({ tenantId: stranger }, (tx) =>
      tx.selectFrom('product').selectAll().where('tenantId', '=', owner).execute(),
    );
    expect(seen).toEqual([]);
  });
});

describe('the demo tenant', () => {
  it('is made once; seeding again changes nothing and shows no key', async () => {
    const first = await seedDemo(at);
    const list = () => at.tenancy.run(first, (tx) => listProducts(tx, { limit: 100 }));
    const products = await list();
    const again = await seedDemo(at);
    expect(again).toEqual({ tenantId: first.tenantId, number: '+15005550100' });
    expect(await list()).toEqual(products);
    expect(products.data).toHaveLength(7);
  });
});
