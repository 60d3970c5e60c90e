import { describe, expect, it } from 'vitest';
import {
  cancelOrder,
  changeOrder,
  findOrder,
  getOrder,
  listOrders,
  type Order,
  orderEvents,
  orderHistoryProcessor,
} from '../../../../src/business/desk/orders/orders.ts';
import { systemActor } from '../../../../src/business/tenancy/actor/actor.ts';
import { replayEvents } from '../../../../src/business/tenancy/events/replay-events.ts';
import { changeProduct, findNamedProducts } from '../../../../src/business/catalog/products/products.ts';
import { Conflict, InvalidInput, NotFound } from '../../../../src/platform/process/errors.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import { aCustomer, anOrder, aProduct, asAgent, aTenant, useDatabase } from '../../a-business.ts';

const at = useDatabase();

async function aShop(): Promise<TenantId> {
  const tenantId = await aTenant(at.db);
  await aProduct(at.tenancy, tenantId, { slug: 'u-lock', name: 'Steel U-lock', priceMinor: 4_900 });
  await aProduct(at.tenancy, tenantId, { slug: 'tube', name: 'Inner tube', priceMinor: 850 });
  await aProduct(at.tenancy, tenantId, { slug: 'seat', name: 'Child seat', priceMinor: 1, active: false });
  return tenantId;
}

describe('orders', () => {
  it('copy name and price, add up, and stay as agreed when the catalogue changes', async () => {
    const tenantId = await aShop();
    const customer = await aCustomer(at.db, tenantId);
    const order = await anOrder(at.tenancy, tenantId, {
      customerId: customer.id,
      items: [
        { product: 'u-lock', quantity: 1 },
        { product: 'inner TUBE', quantity: 2 },
        { product: 'tube', quantity: 1 },
      ],
    });
    expect(order).toMatchObject({
      reference: 'O-1001',
      totalMinor: 4_900 + 3 * 850,
      currency: 'USD',
      status: 'placed',
    });
    expect(order.items.map(({ name, quantity }) => [name, quantity])).toEqual([
      ['Steel U-lock', 1],
      ['Inner tube', 3],
    ]);
    await at.tenancy.run({ tenantId }, async (tx) => {
      const [lock] = await findNamedProducts(tx, ['u-lock']);
      const changes = { name: 'Better lock', priceMinor: 9_900 };
      await changeProduct(tx, systemActor(tenantId, 'test'), lock!.id, { changes });
    });
    await at.tenancy.run({ tenantId }, async (tx) => {
      expect(await findOrder(tx, { reference: 'o-1001' })).toEqual(order);
      expect((await listOrders(tx, { customerId: customer.id, limit: 5 })).data).toEqual([order]);
    });
  });

  it('refuse what is not sold, sold out, or asked for in strange amounts, and say what there is', async () => {
    const tenantId = await aShop();
    const { id: customerId } = await aCustomer(at.db, tenantId);
    const order = (product: string, quantity: number) =>
      anOrder(at.tenancy, tenantId, { customerId, items: [{ product, quantity }] });
    await expect(order('unicycle', 1)).rejects.toThrow('On sale: Inner tube, Steel U-lock.');
    await expect(order('unicycle', 1)).rejects.toThrow(NotFound);
    await expect(order('seat', 1)).rejects.toThrow(Conflict);
    for (const quantity of [0, -1, 1.5, 101])
      await expect(order('tube', quantity)).rejects.toThrow(InvalidInput);
    await expect(anOrder(at.tenancy, tenantId, { customerId, items: [] })).rejects.toThrow(InvalidInput);
    // Nothing half done: the numbers used up by refusals were given back.
    expect(await order('tube', 1)).toMatchObject({ reference: 'O-1001' });
  });

  it('are cancelled until somebody has begun to prepare them', async () => {
    const tenantId = await aShop();
    const customer = await aCustomer(at.db, tenantId);
    const place = () =>
      anOrder(at.tenancy, tenantId, { customerId: customer.id, items: [{ product: 'tube', quantity: 1 }] });
    const [first, second] = [await place(), await place()];
    const cancel = ({ id }: Order) =>
      asAgent(at.tenancy, tenantId, (tx, agent) => cancelOrder(tx, agent, id));
    const business = systemActor(tenantId, 'business');
    const become = ({ id }: Order, status: Order['status']) =>
      at.tenancy.run(business, (tx) => changeOrder(tx, business, id, { changes: { status } }));
    expect(await cancel(first)).toMatchObject({
      status: 'cancelled',
      items: first.items,
    });
    await expect(cancel(first)).rejects.toMatchObject({
      code: 'already-cancelled',
    });
    await expect(become(first, 'shipped')).rejects.toThrow(Conflict);
    await become(second, 'preparing');
    await expect(cancel(second)).rejects.toMatchObject({
      code: 'order-in-preparation',
    });
    await become(second, 'delivered');
    await expect(cancel(second)).rejects.toMatchObject({
      code: 'order-shipped',
    });
  });

  it('keep their history once, with the reason, when their events are handled again', async () => {
    const tenantId = await aShop();
    const { id: customerId } = await aCustomer(at.db, tenantId);
    const { id } = await anOrder(at.tenancy, tenantId, {
      customerId,
      items: [{ product: 'tube', quantity: 1 }],
    });
    const business = systemActor(tenantId, 'business');
    await at.tenancy.run(business, (tx) =>
      changeOrder(tx, business, id, {
        changes: { note: 'Ring twice.', status: 'cancelled', reason: 'Out of stock.' },
      }),
    );
    const history = async () => (await at.tenancy.run({ tenantId }, (tx) => getOrder(tx, id))).history;
    const before = await history();
    expect(before.map(({ sequence, kind, author, note }) => [sequence, kind, author, note])).toEqual([
      [1, 'placed', 'agent', null],
      [2, 'details-changed', 'business', null],
      [3, 'status-changed', 'business', 'Out of stock.'],
    ]);
    const replay = { tenancy: at.tenancy, eventTypes: Object.values(orderEvents) };
    expect(await replayEvents(replay, orderHistoryProcessor, { tenantId })).toBe(3);
    expect(await history()).toEqual(before);
  });

  it('of somebody else do not exist', async () => {
    const tenantId = await aShop();
    const [customer, stranger] = [await aCustomer(at.db, tenantId), await aCustomer(at.db, tenantId)];
    const items = [{ product: 'tube', quantity: 1 }];
    const { id, reference } = await anOrder(at.tenancy, tenantId, { customerId: customer.id, items });
    const theirs = { reference, customerId: stranger.id };
    expect(await at.tenancy.run({ tenantId }, (tx) => findOrder(tx, theirs))).toBeUndefined();
    const other = await aShop();
    const cancelling = asAgent(at.tenancy, other, (tx, agent) => cancelOrder(tx, agent, id));
    await expect(cancelling).rejects.toThrow(NotFound);
  });
});
