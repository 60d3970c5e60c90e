import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newId } from '../../../../src/platform/data/ids.ts';
import { type Caller, type MemberCaller, useRestApp } from '../../../support/rest-app.ts';

const at = useRestApp({ requestsPerMinute: 5 });

let owner: MemberCaller;
beforeAll(async () => {
  owner = await at.app.signUp();
});

interface Made {
  readonly id: string;
  readonly key: string;
}

function send(by: Caller, method: 'GET' | 'POST' | 'DELETE', url: string, payload?: object) {
  return at.app.inject({
    method,
    url: `/v1/api-keys${url}`,
    headers: by.headers,
    ...(payload === undefined ? {} : { payload }),
  });
}

async function make(wish: object = {}, by: Caller = owner): Promise<Made> {
  const response = await send(by, 'POST', '', { name: 'Shop', scopes: ['calls:read'], ...wish });
  expect(response.statusCode).toBe(201);
  return response.json<Made>();
}

const bearer = ({ key }: Made): Caller => ({ ...owner, headers: { authorization: `Bearer ${key}` } });
const calls = (by: Caller, address = '127.0.0.1') =>
  at.app.inject({ url: '/v1/calls', headers: by.headers, remoteAddress: address });

afterEach(() => vi.useRealTimers());

describe('an API key', () => {
  it('is shown once, works, and is told apart by its end', async () => {
    const made = await make({ mode: 'live' });
    expect(made.key).toMatch(/^parley_live_/);
    expect((await calls(bearer(made))).statusCode).toBe(200);
    const shown = await send(owner, 'GET', `/${made.id}`);
    expect(shown.json()).toMatchObject({
      id: made.id,
      hint: made.key.slice(-4),
      scopes: ['calls:read'],
      createdBy: owner.memberId,
    });
    expect(shown.json<{ lastUsedAt: string }>().lastUsedAt).toMatch(/Z$/);
    expect(shown.body).not.toContain(made.key);
    expect((await send(owner, 'GET', '')).body).not.toContain(made.key);
  });

  it('does nothing from the moment it is revoked', async () => {
    const made = await make();
    expect((await calls(bearer(made))).statusCode).toBe(200);
    expect((await send(owner, 'DELETE', `/${made.id}`)).statusCode).toBe(204);
    expect((await calls(bearer(made))).statusCode).toBe(401);
    expect((await send(owner, 'DELETE', `/${made.id}`)).statusCode).toBe(204);
    expect((await send(owner, 'GET', `/${made.id}`)).json()).toMatchObject({ revokedAt: expect.any(String) });
  });

  it('may do no more than who makes it, member or key', async () => {
    const maker = await make({ scopes: ['api-keys:write', 'calls:read'] });
    const wish = { name: 'x', scopes: ['calls:write'] };
    const refused = await send(bearer(maker), 'POST', '', wish);
    expect(refused.statusCode).toBe(403);
    expect(refused.json<{ detail: string }>().detail).toContain('calls:write');
    await make({ scopes: ['calls:read'] }, bearer(maker));
  });

  it('expires', async () => {
    const { app } = at;
    const expiresAt = new Date(app.clock.date().getTime() + 60_000).toISOString();
    const made = await make({ expiresAt });
    expect((await calls(bearer(made))).statusCode).toBe(200);
    app.clock.advance(60_000);
    expect((await calls(bearer(made))).statusCode).toBe(401);
    const late = { name: 'x', scopes: ['calls:read'], expiresAt };
    expect((await send(owner, 'POST', '', late)).statusCode).toBe(400);
  });

  it('works from its networks alone', async () => {
    const made = await make({ allowedAddresses: ['203.0.113.0/24'] });
    expect((await calls(bearer(made))).statusCode).toBe(401);
    expect((await calls(bearer(made), '203.0.113.9')).statusCode).toBe(200);
    const wrong = { name: 'x', scopes: ['calls:read'], allowedAddresses: ['example.com'] };
    expect((await send(owner, 'POST', '', wrong)).statusCode).toBe(400);
  });

  it('is told how many requests it has left, and when it had too many', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const by = bearer(await make());
    for (let left = 4; left >= 0; left -= 1) {
      const { statusCode, headers } = await calls(by);
      expect(statusCode).toBe(200);
      expect(headers['ratelimit-policy']).toBe('"key";q=5;w=60');
      expect(headers['ratelimit']).toMatch(new RegExp(`^"key";r=${left};t=\\d+$`));
    }
    const refused = await calls(by);
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'too-many-requests' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await calls(bearer(await make()))).statusCode).toBe(200);
    vi.setSystemTime(Date.now() + 60_000);
    expect((await calls(by)).statusCode).toBe(200);
  });

  it('has its use on record: requests, errors and how long they took', async () => {
    const made = await make();
    const by = bearer(made);
    await calls(by);
    await at.app.inject({ url: `/v1/calls/${newId('call')}`, headers: by.headers });
    await send(by, 'GET', '');
    const usage = await send(owner, 'GET', `/${made.id}/usage`);
    expect(usage.json()).toMatchObject({
      data: [
        { endpoint: 'GET /v1/api-keys', requests: 1, errors: 1 },
        { endpoint: 'GET /v1/calls', requests: 1, errors: 0, p50Ms: expect.any(Number) },
        { endpoint: 'GET /v1/calls/:id', requests: 1, errors: 1 },
      ],
      nextCursor: null,
    });
    const first = await send(owner, 'GET', `/${made.id}/usage?limit=2`);
    const { nextCursor } = first.json<{ nextCursor: string }>();
    const rest = await send(owner, 'GET', `/${made.id}/usage?limit=2&cursor=${nextCursor}`);
    expect(rest.json()).toMatchObject({ data: [{ endpoint: 'GET /v1/calls/:id' }], nextCursor: null });
    const earlier = await send(owner, 'GET', `/${made.id}/usage?until=2020-01-01`);
    expect(earlier.json()).toEqual({ data: [], nextCursor: null });
  });

  it('is listed newest first, by mode, page by page', async () => {
    const founder = await at.app.signUp();
    const ids: string[] = [];
    for (const mode of ['test', 'live', 'test'] as const) ids.unshift((await make({ mode }, founder)).id);
    const list = async (query: string) =>
      (await send(founder, 'GET', `?${query}`)).json<{ data: { id: string }[]; nextCursor: string }>();
    const page = await list('limit=2');
    const rest = await list(`limit=2&cursor=${page.nextCursor}`);
    expect([...page.data, ...rest.data].map(({ id }) => id)).toEqual(ids);
    expect((await list('mode=live')).data.map(({ id }) => id)).toEqual([ids[1]]);
  });

  it('is made once for one Idempotency-Key, and the same is shown again', async () => {
    const request = {
      method: 'POST',
      url: '/v1/api-keys',
      headers: { ...owner.headers, 'idempotency-key': 'key-once' },
      payload: { name: 'Shop', scopes: ['calls:read'] },
    } as const;
    const [first, again] = [await at.app.inject(request), await at.app.inject(request)];
    expect(again.json()).toEqual(first.json());
  });

  it('is nothing to other tenants, and not for members without the permission', async () => {
    const made = await make();
    const stranger = await at.app.signUp();
    for (const url of [`/${made.id}`, `/${made.id}/usage`]) {
      expect((await send(stranger, 'GET', url)).statusCode).toBe(404);
    }
    expect((await send(stranger, 'DELETE', `/${made.id}`)).statusCode).toBe(404);
    const manager = await at.app.memberWith('manager', owner.tenantId);
    expect((await send(manager, 'GET', '')).statusCode).toBe(403);
  });

  it('is on record when it is made and when it is revoked', async () => {
    const made = await make({ name: 'Recorded' });
    await send(owner, 'DELETE', `/${made.id}`);
    const log = await at.app.inject({
      url: `/v1/audit-log?resource=api-key&resourceId=${made.id}`,
      headers: owner.headers,
    });
    expect(log.json()).toMatchObject({
      data: [{ action: 'api-key.revoked' }, { action: 'api-key.created', after: { name: 'Recorded' } }],
    });
    expect(log.body).not.toContain(made.key);
  });
});
