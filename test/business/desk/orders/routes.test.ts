import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { cancelOrder } from '../../../../src/business/desk/orders/orders.ts';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import { type MemberCaller, useRestApp } from '../../../support/rest-app.ts';
import type { OrderId } from '../../../../src/business/tenancy/ids/ids.ts';
import { runJobs } from '../../../support/run-jobs.ts';
import { aCustomer, aProduct, asAgent } from '../../a-business.ts';

const at = useRestApp();
const address = {
  line1: '12 Harbour Street',
  line2: '',
  city: 'Portland',
  region: 'ME',
  postalCode: '04101',
  country: 'US',
};

interface OrderBody {
  readonly id: string;
  readonly reference: string;
}

interface Shop extends MemberCaller {
  readonly customerId: string;
}

function send({ headers }: MemberCaller, method: 'GET' | 'POST' | 'PATCH', path: string, payload?: object) {
  const url = `/v1/orders${path}`;
  return at.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
}

async function aShop(): Promise<Shop> {
  const owner = await at.app.signUp();
  for (const [slug, priceMinor] of [
    ['lock', 4_900],
    ['tube', 850],
  ] as const) {
    await aProduct(at.app.tenancy, owner.tenantId, { slug, name: slug, priceMinor });
  }
  return { ...owner, customerId: (await aCustomer(at.app.db, owner.tenantId)).id };
}

function place(shop: Shop, more: object = {}) {
  const { customerId } = shop;
  return send(shop, 'POST', '', { customerId, items: [{ product: 'lock', quantity: 1 }], ...more });
}

async function references(shop: MemberCaller, query: string): Promise<string[]> {
  return (await send(shop, 'GET', `?${query}`))
    .json<{ data: OrderBody[] }>()
    .data.map(({ reference }) => reference);
}

describe('an order over REST', () => {
  it('takes names and prices from the catalogue, adds up, and goes its way on record', async () => {
    const shop = await aShop();
    const items = [
      { product: 'lock', quantity: 2 },
      { product: 'TUBE', quantity: 1 },
    ];
    const placed = await place(shop, { items, address, note: 'Ring twice.' });
    expect([placed.statusCode, placed.json()]).toEqual([
      201,
      expect.objectContaining({
        reference: 'O-1001',
        status: 'placed',
        totalMinor: 10_650,
        currency: 'USD',
        address,
        items: [
          expect.objectContaining({ name: 'lock', unitPriceMinor: 4_900, totalMinor: 9_800 }),
          expect.objectContaining({ name: 'tube', unitPriceMinor: 850, totalMinor: 850 }),
        ],
      }),
    ]);
    const path = `/${placed.json<OrderBody>().id}`;
    await send(shop, 'PATCH', path, { status: 'preparing' });
    await send(shop, 'PATCH', path, { address: { ...address, line2: 'Back door' }, note: null });
    const cancelled = await send(shop, 'POST', `${path}/cancel`, { reason: 'Out of stock.' });
    expect(cancelled.json()).toMatchObject({
      status: 'cancelled',
      note: null,
      address: { line2: 'Back door' },
    });
    const read = (await send(shop, 'GET', path)).json<{ history: object[] }>();
    expect(read).toMatchObject(cancelled.json<object>());
    expect(read.history).toMatchObject([
      { sequence: 1, kind: 'placed', toStatus: 'placed', author: shop.memberId },
      { sequence: 2, kind: 'status-changed', fromStatus: 'placed', toStatus: 'preparing' },
      { sequence: 3, kind: 'details-changed' },
      { sequence: 4, kind: 'status-changed', toStatus: 'cancelled', note: 'Out of stock.' },
    ]);
  });

  it('refuses a step that is not allowed, and names those that are', async () => {
    const shop = await aShop();
    const { id } = (await place(shop)).json<OrderBody>();
    await send(shop, 'PATCH', `/${id}`, { status: 'shipped' });
    const back = await send(shop, 'PATCH', `/${id}`, { status: 'preparing' });
    expect([back.statusCode, back.json()]).toEqual([
      409,
      expect.objectContaining({ allowed: ['delivered'] }),
    ]);
    const late = await send(shop, 'POST', `/${id}/cancel`, {});
    expect([late.statusCode, late.json()]).toEqual([
      409,
      expect.objectContaining({ allowed: ['delivered'] }),
    ]);
    await send(shop, 'PATCH', `/${id}`, { status: 'delivered' });
    expect((await send(shop, 'PATCH', `/${id}`, { note: 'Changed' })).statusCode).toBe(409);
  });

  it('keeps its address encrypted, and out of the audit log', async () => {
    const shop = await aShop();
    await place(shop, { address });
    const kept = await runInTenant(at.app.db, shop.tenantId, async (transaction) => [
      (await sql`select * from customer_order`.execute(transaction)).rows,
      (await sql`select * from audit_entry`.execute(transaction)).rows,
    ]);
    expect(JSON.stringify(kept)).toContain('order.created');
    expect(JSON.stringify(kept)).not.toContain('12 Harbour');
  });

  it('is made for a new customer by phone, and refuses what is not sold or not one’s own', async () => {
    const [shop, stranger] = [await aShop(), await aShop()];
    const customer = { phone: '+14155550123', name: 'Maya' };
    expect((await place(shop, { customerId: undefined, customer })).statusCode).toBe(201);
    expect((await place(shop, { customerId: undefined })).statusCode).toBe(400);
    expect((await place(shop, { customerId: stranger.customerId })).statusCode).toBe(404);
    expect((await place(shop, { items: [] })).statusCode).toBe(400);
    expect((await place(shop, { items: [{ product: 'lock', quantity: 0 }] })).statusCode).toBe(400);
    expect((await place(shop, { items: [{ product: 'unicycle', quantity: 1 }] })).statusCode).toBe(404);
    const priced = [{ product: 'lock', quantity: 1, unitPriceMinor: 1 }];
    expect((await place(shop, { items: priced })).statusCode).toBe(400);
    expect(await references(shop, '')).toEqual(['O-1001']);
  });

  it('is placed once for one Idempotency-Key, and not changed over another’s change', async () => {
    const shop = await aShop();
    const keyed = { ...shop, headers: { ...shop.headers, 'idempotency-key': 'one' } };
    const [first, second] = [await place(keyed), await place(keyed)];
    expect([second.statusCode, second.json()]).toEqual([201, first.json()]);
    const { id } = first.json<OrderBody>();
    const read = await send(shop, 'GET', `/${id}`);
    expect(read.headers.etag).toBe(first.headers.etag);
    const caller = { ...shop, headers: { ...shop.headers, 'if-match': read.headers.etag! } };
    expect((await send(caller, 'PATCH', `/${id}`, { note: 'a' })).statusCode).toBe(200);
    expect((await send(caller, 'POST', `/${id}/cancel`, {})).statusCode).toBe(412);
  });

  it('does not exist for another tenant; viewers read and do not order', async () => {
    const [shop, stranger] = [await aShop(), await aShop()];
    const { id } = (await place(shop)).json<OrderBody>();
    expect((await send(stranger, 'GET', `/${id}`)).statusCode).toBe(404);
    expect((await send(stranger, 'PATCH', `/${id}`, { note: 'mine' })).statusCode).toBe(404);
    expect((await send(stranger, 'POST', `/${id}/cancel`, {})).statusCode).toBe(404);
    expect(await references(stranger, '')).toEqual([]);
    const viewer = { ...shop, ...(await at.app.memberWith('viewer', shop.tenantId)) };
    expect(await references(viewer, '')).toEqual(['O-1001']);
    expect((await place(viewer)).statusCode).toBe(403);
  });

  it('that the caller cancels is told to the business', async () => {
    const shop = await aShop();
    const { id } = (await place(shop)).json<OrderBody>();
    await asAgent(at.app.tenancy, shop.tenantId, (tx, agent) => cancelOrder(tx, agent, id as OrderId));
    await runJobs(at.app);
    const alerts = await at.app.inject({ url: '/v1/alerts', headers: shop.headers });
    expect(alerts.json()).toMatchObject({
      data: [{ kind: 'order-cancelled', body: '1 × lock', resourceId: id }],
    });
  });
});

describe('the list of orders', () => {
  it('is filtered, and turned page by page', async () => {
    const shop = await aShop();
    const other = await aCustomer(at.app.db, shop.tenantId);
    const first = (await place(shop)).json<OrderBody>();
    await place(shop, { customerId: other.id });
    await place(shop);
    await send(shop, 'PATCH', `/${first.id}`, { status: 'preparing' });
    const found = {
      'status=preparing': ['O-1001'],
      'status=preparing&status=placed': ['O-1003', 'O-1002', 'O-1001'],
      [`customerId=${other.id}`]: ['O-1002'],
      'q=o%201002': ['O-1002'],
      'q=B-1002': [],
      'from=2020-01-01T00:00:00Z&status=placed': ['O-1003', 'O-1002'],
      'to=2020-01-01T00:00:00Z': [],
    };
    for (const [query, expected] of Object.entries(found)) {
      expect([query, await references(shop, query)]).toEqual([query, expected]);
    }
    const page = (await send(shop, 'GET', '?limit=2')).json<{ data: OrderBody[]; nextCursor: string }>();
    expect(page.data.map(({ reference }) => reference)).toEqual(['O-1003', 'O-1002']);
    expect(await references(shop, `limit=2&cursor=${page.nextCursor}`)).toEqual(['O-1001']);
  });
});
