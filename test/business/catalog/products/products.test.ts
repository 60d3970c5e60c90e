import { describe, expect, it } from 'vitest';
import { findNamedProducts, listProductsOnSale } from '../../../../src/business/catalog/products/products.ts';
import { type Caller, useRestApp } from '../../../support/rest-app.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import { aCustomer, anOrder, aProduct } from '../../a-business.ts';

const at = useRestApp();

interface Body {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

function send(
  { headers }: Caller,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  payload?: object,
) {
  const url = `/v1/products${path}`;
  return at.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
}

async function add(caller: Caller, name: string): Promise<Body> {
  return (await send(caller, 'POST', '', { name, priceMinor: 4_900 })).json<Body>();
}

async function names(caller: Caller, query: string): Promise<string[]> {
  return (await send(caller, 'GET', `?${query}`)).json<{ data: Body[] }>().data.map(({ name }) => name);
}

function onSale(tenantId: TenantId, query?: string) {
  return at.app.tenancy.run({ tenantId }, (tx) => listProductsOnSale(tx, { query }));
}

async function aShop(): Promise<TenantId> {
  const { tenantId } = await at.app.signUp();
  const lock = { slug: 'u-lock', name: 'Steel U-lock', description: 'Two keys' };
  await aProduct(at.app.tenancy, tenantId, lock);
  await aProduct(at.app.tenancy, tenantId, { slug: 'tube', name: 'Inner tube' });
  await aProduct(at.app.tenancy, tenantId, { slug: 'seat', name: 'Child seat', active: false });
  return tenantId;
}

describe('what is on sale', () => {
  it('is listed by name, and found by words of its name and description', async () => {
    const tenantId = await aShop();
    expect((await onSale(tenantId)).map(({ name }) => name)).toEqual(['Inner tube', 'Steel U-lock']);
    expect(await onSale(tenantId, 'LOCK keys')).toMatchObject([{ slug: 'u-lock' }]);
    expect(await onSale(tenantId, 'child')).toEqual([]);
  });

  it('is found by id, slug or name in any case, together with what is not on sale now', async () => {
    const tenantId = await aShop();
    const named = (...wanted: string[]) =>
      at.app.tenancy.run({ tenantId }, (tx) => findNamedProducts(tx, wanted));
    const [tube] = await named(' inner TUBE ');
    expect(tube).toMatchObject({ slug: 'tube', active: true });
    expect(await named(tube!.id, 'U-Lock', 'unicycle')).toMatchObject([{ slug: 'tube' }, { slug: 'u-lock' }]);
    expect(await named('child seat')).toMatchObject([{ active: false }]);
    expect(await named()).toEqual([]);
  });
});

describe('products', () => {
  it('are added, found by words of their name, changed and removed', async () => {
    const owner = await at.app.signUp();
    const lock = await add(owner, 'Steel U-lock');
    await add(owner, 'Inner tube 100%');
    expect(lock).toMatchObject({ slug: 'steel-u-lock', currency: 'USD', active: true });
    expect(await names(owner, 'q=LOCK%20steel')).toEqual(['Steel U-lock']);
    expect(await names(owner, 'q=%25')).toEqual(['Inner tube 100%']);
    expect(await names(owner, 'q=unicycle')).toEqual([]);
    const changed = await send(owner, 'PATCH', `/${lock.id}`, { priceMinor: 5_200, active: false });
    expect(changed.json()).toMatchObject({ priceMinor: 5_200, active: false });
    expect(await names(owner, 'active=true')).toEqual(['Inner tube 100%']);
    expect((await send(owner, 'DELETE', `/${lock.id}`)).statusCode).toBe(204);
    expect((await send(owner, 'GET', `/${lock.id}`)).statusCode).toBe(404);
    for (const wrong of [{ priceMinor: -1 }, { priceMinor: 3e9 }, { name: ' ' }, { currency: 'x' }]) {
      expect((await send(owner, 'POST', '', { name: 'a', priceMinor: 1, ...wrong })).statusCode).toBe(400);
    }
  });

  it('that were ordered are archived instead of removed, and are sold no more', async () => {
    const owner = await at.app.signUp();
    const { tenantId } = owner;
    const lock = await add(owner, 'Steel U-lock');
    const customer = await aCustomer(at.app.db, tenantId);
    const items = [{ product: lock.id, quantity: 1 }];
    await anOrder(at.app.tenancy, tenantId, { customerId: customer.id, items });
    expect((await send(owner, 'DELETE', `/${lock.id}`)).statusCode).toBe(204);
    expect(await names(owner, '')).toEqual([]);
    expect(await names(owner, 'archived=true')).toEqual(['Steel U-lock']);
    expect(await onSale(tenantId)).toEqual([]);
    expect(await at.app.tenancy.run(owner, (tx) => findNamedProducts(tx, [lock.id]))).toEqual([]);
    await expect(anOrder(at.app.tenancy, tenantId, { customerId: customer.id, items })).rejects.toThrow(
      /not sold/,
    );
    const back = await send(owner, 'PATCH', `/${lock.id}`, { archived: false });
    expect(back.json()).toMatchObject({ active: false, archivedAt: null });
  });

  it('are added once for one Idempotency-Key, and not changed over another’s change', async () => {
    const owner = await at.app.signUp();
    const keyed = { ...owner, headers: { ...owner.headers, 'idempotency-key': 'one' } };
    const [first, second] = [await add(keyed, 'Bell'), await add(keyed, 'Bell')];
    expect(second).toEqual(first);
    const etag = (await send(owner, 'GET', `/${first.id}`)).headers.etag!;
    const caller = { ...owner, headers: { ...owner.headers, 'if-match': etag } };
    expect((await send(caller, 'PATCH', `/${first.id}`, { name: 'Horn' })).statusCode).toBe(200);
    expect((await send(caller, 'PATCH', `/${first.id}`, { name: 'Gong' })).statusCode).toBe(412);
  });

  it('are listed by name, page by page; another tenant’s do not exist', async () => {
    const owner = await at.app.signUp();
    const [first] = [await add(owner, 'a'), await add(owner, 'b'), await add(owner, 'c')];
    const page = (await send(owner, 'GET', '?limit=2')).json<{ data: Body[]; nextCursor: string }>();
    expect(page.data.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(await names(owner, `limit=2&cursor=${page.nextCursor}`)).toEqual(['c']);
    const stranger = await at.app.signUp();
    for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
      const payload = method === 'PATCH' ? { name: 'mine' } : undefined;
      expect((await send(stranger, method, `/${first.id}`, payload)).statusCode).toBe(404);
    }
    const viewer = await at.app.memberWith('viewer', owner.tenantId);
    expect((await send(viewer, 'DELETE', `/${first.id}`)).statusCode).toBe(403);
  });
});
