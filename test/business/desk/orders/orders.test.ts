import { describe, expect, it } from 'vitest';
import {
  cancelOrder,
  createOrder,
  findOrder,
  getOrder,
  listOrdersOfCustomer,
  setOrderStatus,
} from '../../../../src/business/desk/orders/service.ts';
import { systemActor } from '../../../../src/business/tenancy/access/actor.ts';
import { changeProduct, findNamedProducts } from '../../../../src/business/catalog/products/products.ts';
import { Conflict, InvalidInput, NotFound } from '../../../../src/platform/process/errors.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import { aCustomer, aProduct, aTenant, useDatabase } from '../../a-business.ts';

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
    const order = await createOrder(at.db, tenantId, {
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
    expect(await getOrder(at.db, tenantId, { reference: 'o-1001' })).toEqual(order);
    expect(await listOrdersOfCustomer(at.db, tenantId, customer.id)).toEqual([order]);
  });

  it('refuse what is not sold, sold out, or asked for in strange amounts, and say what there is', async () => {
    const tenantId = await aShop();
    const { id: customerId } = await aCustomer(at.db, tenantId);
    const order = (product: string, quantity: number) =>
      createOrder(at.db, tenantId, { customerId, items: [{ product, quantity }] });
    await expect(order('unicycle', 1)).rejects.toThrow('On sale: Inner tube, Steel U-lock.');
    await expect(order('unicycle', 1)).rejects.toThrow(NotFound);
    await expect(order('seat', 1)).rejects.toThrow(Conflict);
    for (const quantity of [0, -1, 1.5, 101])
      await expect(order('tube', quantity)).rejects.toThrow(InvalidInput);
    await expect(createOrder(at.db, tenantId, { customerId, items: [] })).rejects.toThrow(InvalidInput);
    // Nothing half done: the numbers used up by refusals were given back.
    expect(await order('tube', 1)).toMatchObject({ reference: 'O-1001' });
  });

  it('are cancelled until somebody has begun to prepare them', async () => {
    const tenantId = await aShop();
    const customer = await aCustomer(at.db, tenantId);
    const place = () =>
      createOrder(at.db, tenantId, { customerId: customer.id, items: [{ product: 'tube', quantity: 1 }] });
    const [first, second] = [await place(), await place()];
    expect(await cancelOrder(at.db, tenantId, first)).toMatchObject({
      status: 'cancelled',
      items: first.items,
    });
    await expect(cancelOrder(at.db, tenantId, first)).rejects.toMatchObject({
      code: 'already-cancelled',
    });
    await expect(setOrderStatus(at.db, tenantId, { ...first, status: 'shipped' })).rejects.toThrow(Conflict);
    await setOrderStatus(at.db, tenantId, { ...second, status: 'preparing' });
    await expect(cancelOrder(at.db, tenantId, second)).rejects.toMatchObject({
      code: 'order-in-preparation',
    });
    await setOrderStatus(at.db, tenantId, { ...second, status: 'delivered' });
    await expect(cancelOrder(at.db, tenantId, second)).rejects.toMatchObject({
      code: 'order-shipped',
    });
  });

  it('of somebody else do not exist', async () => {
    const tenantId = await aShop();
    const [customer, stranger] = [await aCustomer(at.db, tenantId), await aCustomer(at.db, tenantId)];
    const items = [{ product: 'tube', quantity: 1 }];
    const { reference } = await createOrder(at.db, tenantId, { customerId: customer.id, items });
    const theirs = { reference, customerId: stranger.id };
    expect(await findOrder(at.db, tenantId, theirs)).toBeUndefined();
    await expect(cancelOrder(at.db, tenantId, theirs)).rejects.toThrow(NotFound);
  });
});
