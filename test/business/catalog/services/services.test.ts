import { describe, expect, it } from 'vitest';
import { bookAppointment } from '../../../../src/business/desk/bookings/bookings.ts';
import { type Caller, useRestApp } from '../../../support/rest-app.ts';
import { aCustomer, asAgent, setOpeningHours } from '../../a-business.ts';

const at = useRestApp();

interface Body {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
}

function send(
  { headers }: Caller,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
) {
  return at.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
}

async function add(caller: Caller, path: 'services' | 'resources', payload: object): Promise<Body> {
  const answer = await send(caller, 'POST', `/v1/${path}`, payload);
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json<Body>();
}

const trim = { name: 'Trim', durationMinutes: 60, bufferMinutes: 15, priceMinor: 4_000 };

async function names(caller: Caller, url: string): Promise<string[]> {
  return (await send(caller, 'GET', url)).json<{ data: Body[] }>().data.map(({ name }) => name);
}

describe.each(['services', 'resources'] as const)('/v1/%s', (path) => {
  const body = path === 'services' ? trim : { name: 'Trim', kind: 'place' };

  it('is added, changed and removed, each name with a slug of its own', async () => {
    const owner = await at.app.signUp();
    const first = await add(owner, path, body);
    const second = await add(owner, path, body);
    expect([first.slug, second.slug]).toEqual(['trim', 'trim-2']);
    expect(first).toMatchObject({ active: true, archivedAt: null });
    expect((await send(owner, 'POST', `/v1/${path}`, { ...body, slug: 'trim' })).statusCode).toBe(409);
    const url = `/v1/${path}/${first.id}`;
    const changed = await send(owner, 'PATCH', url, { name: 'Cut', active: false });
    expect(changed.json()).toMatchObject({
      ...first,
      name: 'Cut',
      active: false,
      updatedAt: expect.anything(),
    });
    expect((await send(owner, 'GET', url)).json()).toEqual(changed.json());
    expect(await names(owner, `/v1/${path}?active=true`)).toEqual(['Trim']);
    expect((await send(owner, 'DELETE', url)).statusCode).toBe(204);
    expect((await send(owner, 'GET', url)).statusCode).toBe(404);
  });

  it('is not changed over what somebody else has changed meanwhile', async () => {
    const owner = await at.app.signUp();
    const { id } = await add(owner, path, body);
    const etag = (await send(owner, 'GET', `/v1/${path}/${id}`)).headers.etag!;
    const caller = { ...owner, headers: { ...owner.headers, 'if-match': etag } };
    expect((await send(caller, 'PATCH', `/v1/${path}/${id}`, { name: 'a' })).statusCode).toBe(200);
    expect((await send(caller, 'PATCH', `/v1/${path}/${id}`, { name: 'b' })).statusCode).toBe(412);
  });

  it('is listed by name, page by page', async () => {
    const owner = await at.app.signUp();
    for (const name of ['d', 'a', 'c', 'b', 'e']) await add(owner, path, { ...body, name });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const url: string = `/v1/${path}?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: { data: Body[]; nextCursor: string | null } = (await send(owner, 'GET', url)).json();
      seen.push(...page.data.map(({ name }) => name));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('does not exist for another tenant, and is not written by agents', async () => {
    const [owner, stranger] = [await at.app.signUp(), await at.app.signUp()];
    const { id } = await add(owner, path, body);
    const url = `/v1/${path}/${id}`;
    expect((await send(stranger, 'GET', url)).statusCode).toBe(404);
    expect((await send(stranger, 'PATCH', url, { name: 'Mine' })).statusCode).toBe(404);
    expect((await send(stranger, 'DELETE', url)).statusCode).toBe(404);
    expect(await names(stranger, `/v1/${path}`)).toEqual([]);
    const agent = await at.app.memberWith('agent', owner.tenantId);
    expect((await send(agent, 'PATCH', url, { name: 'Mine' })).statusCode).toBe(403);
    expect(await names(agent, `/v1/${path}`)).toEqual(['Trim']);
  });
});

describe('a service', () => {
  it('takes the currency of the company, and refuses what cannot be', async () => {
    const owner = await at.app.signUp();
    expect(await add(owner, 'services', trim)).toMatchObject({ currency: 'USD', resourceIds: [] });
    const stranger = await at.app.signUp();
    const foreign = await add(stranger, 'resources', { name: 'Sam' });
    const wrong = [
      { durationMinutes: 0 },
      { priceMinor: -1 },
      { priceMinor: 10.5 },
      { bufferMinutes: 481 },
      { currency: 'usd' },
      { name: '' },
      { resourceIds: [foreign.id] },
      { resourceIds: ['rsc_1'] },
    ];
    for (const change of wrong) {
      const answer = await send(owner, 'POST', '/v1/services', { ...trim, ...change });
      expect([change, answer.statusCode]).toEqual([change, 400]);
    }
  });

  it('is performed by those it names, else by everybody', async () => {
    const owner = await at.app.signUp();
    const { tenantId } = owner;
    const now = new Date('2026-11-21T15:00:00Z');
    const [kim] = [
      await add(owner, 'resources', { name: 'Kim' }),
      await add(owner, 'resources', { name: 'Sam' }),
    ];
    const service = await add(owner, 'services', { ...trim, resourceIds: [kim.id] });
    await setOpeningHours(at.app.db, tenantId, [{ weekday: 2, opensAtMinute: 540, closesAtMinute: 1_080 }]);
    const customer = await aCustomer(at.app.db, tenantId);
    const book = () =>
      asAgent(at.app.tenancy, tenantId, (tx, agent) =>
        bookAppointment(tx, agent, {
          service: service.id,
          startsAt: '2026-11-24T10:00',
          customerId: customer.id,
          now,
        }),
      );
    expect(await book()).toMatchObject({ resourceName: 'Kim' });
    await expect(book()).rejects.toThrow(/is taken/);
    await send(owner, 'PATCH', `/v1/services/${service.id}`, { resourceIds: [] });
    expect(await book()).toMatchObject({ resourceName: 'Sam' });

    // Booked once: put away instead of removed, and brought back when asked.
    for (const url of [`/v1/services/${service.id}`, `/v1/resources/${kim.id}`]) {
      expect((await send(owner, 'DELETE', url)).statusCode).toBe(204);
      expect((await send(owner, 'GET', url)).json()).toMatchObject({
        active: false,
        archivedAt: expect.any(String),
      });
      expect((await send(owner, 'PATCH', url, { active: true })).statusCode).toBe(400);
      const back = await send(owner, 'PATCH', url, { archived: false, active: true });
      expect(back.json()).toMatchObject({ active: true, archivedAt: null });
    }
  });
});
