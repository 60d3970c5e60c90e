import { beforeEach, describe, expect, it } from 'vitest';
import { changeOrder, findOrder } from '../../../src/business/desk/orders/orders.ts';
import { systemActor } from '../../../src/business/tenancy/actor/actor.ts';
import { findCustomerByPhone } from '../../../src/business/customers/customers.ts';
import { listMessages } from '../../../src/business/desk/messages/messages.ts';
import type { TenantId } from '../../../src/platform/data/ids.ts';
import { aPhone, aProduct, aSalon, useDatabase } from '../../business/a-business.ts';
import { callOf } from './tool-fixture.ts';
import { testTenancy } from '../../support/test-tenancy.ts';

const at = useDatabase();
let tenantId: TenantId;
let callerPhone: string;

beforeEach(async () => {
  ({ tenantId } = await aSalon(at.db, { chairs: 1 }));
  const product = { description: 'Steel', priceMinor: 4_550, currency: 'USD', active: true };
  await aProduct(at.tenancy, tenantId, { ...product, slug: 'u-lock', name: 'U-Lock' });
  callerPhone = aPhone();
});

const theCall = (phone: string | undefined = callerPhone) =>
  callOf({ tenancy: at.tenancy, tenantId, callerPhone: phone });
const withheldCall = () => callOf({ tenancy: at.tenancy, tenantId, callerPhone: undefined });

describe('tickets', () => {
  const broken = { subject: 'Bell broken', description: 'It does not ring.', priority: 'high' };

  it('opens one for the caller, with a reference to say', async () => {
    const { run } = theCall();
    const created = await run('create_ticket', { ...broken, callerName: 'Ada Byron' });
    expect(created).toMatchObject({
      status: 'ok',
      result: {
        status: 'created',
        ticket: { reference: 'T-1001', subject: 'Bell broken', priority: 'high' },
      },
    });
    const customer = await testTenancy(at.db).run({ tenantId }, (tx) => findCustomerByPhone(tx, callerPhone));
    expect(customer?.name).toBe('Ada Byron');
  });

  it('finds by a reference as it was heard, and lists the latest without one', async () => {
    const { run } = theCall();
    await run('create_ticket', broken);
    expect((await run('find_ticket', { reference: 'T-9' })).result).toMatchObject({
      code: 'reference-unknown',
    });
    const found = await run('find_ticket', { reference: 'ticket number 1001' });
    expect(found.result).toMatchObject({ ticket: { reference: 'T-1001' }, description: 'It does not ring.' });
    expect((await run('find_ticket', {})).result).toMatchObject({ tickets: [{ reference: 'T-1001' }] });
  });

  it('adds a comment and changes the status', async () => {
    const { run } = theCall();
    await run('create_ticket', broken);
    const updated = await run('update_ticket', {
      reference: 'T-1001',
      comment: 'Works again.',
      status: 'resolved',
    });
    expect(updated.result).toMatchObject({ status: 'updated', ticket: { status: 'resolved' } });
    const found = await run('find_ticket', { reference: 'T-1001' });
    expect(found.result).toMatchObject({ comments: [{ body: 'Works again.' }] });
  });

  it("does not find another caller's ticket", async () => {
    await theCall().run('create_ticket', { ...broken, callerName: 'Ada Byron' });
    const other = theCall(aPhone());
    const tried = await other.run('find_ticket', { reference: 'T-1001', callerName: 'Ada Byron' });
    const absent = await other.run('find_ticket', { reference: 'T-1002', callerName: 'Ada Byron' });
    expect(tried.status).toBe('refused');
    expect(JSON.stringify(tried.result).replace('T-1001', 'T-1002')).toBe(JSON.stringify(absent.result));
    const changed = await other.run('update_ticket', { reference: 'T-1001', status: 'closed' });
    expect(changed.status).toBe('refused');
    expect((await other.run('find_ticket', {})).result).toEqual({ tickets: [] });
  });

  it('opens one for a caller who withholds the number and leaves none', async () => {
    expect(await withheldCall().run('create_ticket', broken)).toMatchObject({ status: 'ok' });
  });

  it('takes a number without its country code for one of the country that was called', async () => {
    const { run } = withheldCall();
    const created = await run('create_ticket', { ...broken, callerName: 'Tom', callerPhone: '415 555 0142' });
    expect(created.status).toBe('ok');
    expect(
      (await testTenancy(at.db).run({ tenantId }, (tx) => findCustomerByPhone(tx, '+14155550142')))?.name,
    ).toBe('Tom');
    const message = { message: 'Please call.', callbackPhone: '(415) 555-0142' };
    expect((await run('take_message', message)).result).toMatchObject({ callbackPhone: '+14155550142' });
    expect((await run('create_ticket', { ...broken, callerPhone: '12' })).status).toBe('refused');
  });
});

describe('orders', () => {
  const order = { items: [{ product: 'U-lock', quantity: 2 }] };

  it('tells what is sold, with speakable prices', async () => {
    const listed = await theCall().run('list_products', { query: null });
    expect(listed.result).toEqual({
      products: [{ product: 'u-lock', name: 'U-Lock', description: 'Steel', price: '$45.50' }],
    });
  });

  it('places, finds and cancels the caller’s own', async () => {
    const { run } = theCall();
    expect((await run('create_order', order)).result).toMatchObject({
      status: 'placed',
      order: { reference: 'O-1001', total: '$91.00', items: [{ name: 'U-Lock', quantity: 2 }] },
    });
    expect((await run('find_order', {})).result).toMatchObject({ orders: [{ reference: 'O-1001' }] });
    expect((await run('cancel_order', { reference: 'O-1001' })).result).toMatchObject({
      status: 'cancelled',
    });
    expect(await run('cancel_order', { reference: 'O-1001' }, { turn: 2 })).toMatchObject({ status: 'ok' });
  });

  it('tells why an order can not be cancelled any more', async () => {
    const { run } = theCall();
    await run('create_order', order);
    await at.tenancy.run({ tenantId }, async (tx) => {
      const placed = await findOrder(tx, { reference: 'O-1001' });
      const business = systemActor(tenantId, 'business');
      await changeOrder(tx, business, placed!.id, { changes: { status: 'shipped' } });
    });
    const refused = await run('cancel_order', { reference: 'O-1001' });
    expect(refused).toMatchObject({
      status: 'refused',
      result: { reason: expect.stringContaining('shipped') },
    });
  });

  it("refuses another caller's order, and another business's altogether", async () => {
    await theCall().run('create_order', order);
    const other = await theCall(aPhone()).run('find_order', { reference: 'O-1001' });
    expect(other.status).toBe('refused');
    const elsewhere = await aSalon(at.db);
    const foreign = callOf({ tenancy: at.tenancy, tenantId: elsewhere.tenantId, callerPhone });
    expect((await foreign.run('find_order', { reference: 'O-1001' })).status).toBe('refused');
    expect((await foreign.run('find_order', {})).result).toEqual({ orders: [] });
    expect((await foreign.run('list_products', {})).result).toEqual({ products: [] });
    expect((await foreign.run('cancel_order', { reference: 'O-1001' })).status).toBe('refused');
  });

  it('asks a caller who withholds the number for one, then orders for it', async () => {
    const { run } = withheldCall();
    expect(await run('create_order', order)).toMatchObject({
      status: 'refused',
      result: { code: 'caller-phone-missing', next: expect.stringContaining('callerPhone') },
    });
    const placed = await run('create_order', { ...order, callerPhone, callerName: 'Ada Byron' });
    expect(placed.status).toBe('ok');
  });

  it('wants reference and name from a caller who withholds the number', async () => {
    await theCall().run('create_order', { ...order, callerName: 'Ada Byron' });
    const { run } = withheldCall();
    expect((await run('find_order', { reference: 'O-1001' })).status).toBe('refused');
    expect((await run('find_order', { reference: 'O-1001', callerName: 'Bob' })).status).toBe('refused');
    expect((await run('find_order', { reference: 'O-1001', callerName: 'ada byron.' })).status).toBe('ok');
    expect((await run('find_order', {})).result).toEqual({ orders: [] });
  });
});

describe('appointments', () => {
  const tuesdayAtTen = { service: 'trim', startsAt: '2026-03-03T10:00' };

  it('offers services and free times on the clocks of the business', async () => {
    const { run } = theCall();
    expect((await run('list_services', {})).result).toMatchObject({
      services: [{ service: 'trim', durationMinutes: 60, price: '$40.00' }],
    });
    const slots = await run('find_free_slots', { service: 'Trim', fromDate: '2026-03-03', days: 1 });
    expect(slots.result).toMatchObject({
      free: expect.arrayContaining([
        { localTime: '2026-03-03T10:00', spokenTime: 'Tuesday, March 3 at 10:00 AM' },
      ]),
    });
  });

  it('books, finds, moves and cancels', async () => {
    const { run } = theCall();
    const booked = await run('book_appointment', { ...tuesdayAtTen, callerName: 'Ada Byron' });
    expect(booked.result).toMatchObject({
      status: 'booked',
      booking: { reference: 'B-1001', service: 'Trim', spokenTime: 'Tuesday, March 3 at 10:00 AM' },
    });
    expect((await run('find_appointment', {})).result).toMatchObject({ bookings: [{ reference: 'B-1001' }] });
    const moved = await run('move_appointment', { reference: 'B-1001', startsAt: '2026-03-04T11:00' });
    expect(moved.result).toMatchObject({ status: 'moved', booking: { localTime: '2026-03-04T11:00' } });
    const cancelled = await run('cancel_appointment', { reference: 'B-1001' });
    expect(cancelled.result).toMatchObject({ status: 'cancelled' });
  });

  it('does not book a taken time, and says what is free nearby', async () => {
    await theCall().run('book_appointment', tuesdayAtTen);
    const second = await theCall(aPhone()).run('book_appointment', tuesdayAtTen);
    expect(second).toMatchObject({
      status: 'refused',
      result: { reason: expect.stringMatching(/taken\. Free nearby/) },
    });
  });

  it("refuses to change another caller's appointment", async () => {
    await theCall().run('book_appointment', tuesdayAtTen);
    const { run } = theCall(aPhone());
    expect((await run('cancel_appointment', { reference: 'B-1001' })).status).toBe('refused');
    const moved = await run('move_appointment', { reference: 'B-1001', startsAt: '2026-03-04T11:00' });
    expect(moved.status).toBe('refused');
    expect((await theCall().run('find_appointment', {})).result).toMatchObject({
      bookings: [{ reference: 'B-1001', localTime: '2026-03-03T10:00' }],
    });
  });

  it('books again after a cancellation in the same call', async () => {
    const { run } = theCall();
    await run('book_appointment', tuesdayAtTen);
    await run('cancel_appointment', { reference: 'B-1001' }, { turn: 2 });
    const again = await run('book_appointment', tuesdayAtTen, { turn: 3 });
    expect(again.result).toMatchObject({ booking: { reference: 'B-1002' } });
  });
});

describe('a caller who is a customer too', () => {
  it("cannot reach another customer's records by their reference", async () => {
    const ticket = { subject: 'Bell', description: 'Broken.' };
    const order = { items: [{ product: 'u-lock', quantity: 1 }] };
    const { run: mine } = theCall();
    await mine('create_ticket', ticket);
    await mine('create_order', order);
    await mine('book_appointment', { service: 'trim', startsAt: '2026-03-03T10:00' });
    const { run: theirs } = theCall(aPhone());
    await theirs('create_order', order);
    const tries = [
      ['find_ticket', { reference: 'T-1001' }],
      ['update_ticket', { reference: 'T-1001', comment: 'Mine now.' }],
      ['find_order', { reference: 'O-1001' }],
      ['cancel_order', { reference: 'O-1001' }],
      ['find_appointment', { reference: 'B-1001' }],
      ['move_appointment', { reference: 'B-1001', startsAt: '2026-03-04T11:00' }],
      ['cancel_appointment', { reference: 'B-1001' }],
    ] as const;
    for (const [tool, args] of tries) {
      expect([tool, (await theirs(tool, args)).status]).toEqual([tool, 'refused']);
    }
    expect((await theirs('find_order', { reference: 'O-1002' })).status).toBe('ok');
  });
});

describe('messages and steering the call', () => {
  it('takes a message with the number to call back', async () => {
    const { run } = theCall();
    const taken = await run('take_message', { message: 'Please call about the frame.', urgent: true });
    expect(taken).toMatchObject({ status: 'ok', result: { status: 'taken', callbackPhone: callerPhone } });
    const { data } = await at.tenancy.run({ tenantId }, (tx) => listMessages(tx, { limit: 20 }));
    expect(data).toMatchObject([{ body: 'Please call about the frame.', urgent: true }]);
  });

  it('connects only with people the business has named', async () => {
    const { run } = theCall();
    expect(await run('transfer_call', { targetId: 'workshop' })).toMatchObject({
      status: 'ok',
      action: { type: 'transfer', targetId: 'workshop' },
    });
    expect((await run('transfer_call', { targetId: '+19005550199' })).status).toBe('invalid-arguments');
  });

  it('ends the call', async () => {
    expect((await theCall().run('end_call', {})).action).toEqual({ type: 'end-call' });
  });
});
