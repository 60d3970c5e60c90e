import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../../src/platform/data/ids.ts';
import { type Caller, type MemberCaller, useRestApp } from '../../../support/rest-app.ts';

const at = useRestApp();

let owner: MemberCaller;
beforeAll(async () => {
  owner = await at.app.signUp();
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
function send(by: Caller, method: Method, url: string, payload?: object, headers: object = {}) {
  return at.app.inject({
    method,
    url: `/v1/members${url}`,
    headers: { ...by.headers, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
}

let addresses = 0;
const anEmail = (): string => `guest-${(addresses += 1)}@example.com`;

describe('GET /v1/members', () => {
  it('lists members page by page, with the addresses they sign in with', async () => {
    const founder = await at.app.signUp();
    const ids: string[] = [founder.memberId];
    for (const role of ['admin', 'agent', 'viewer'] as const) {
      ids.push((await at.app.memberWith(role, founder.tenantId)).memberId);
    }
    const first = await send(founder, 'GET', '?limit=3');
    expect(first.statusCode).toBe(200);
    const page = first.json<{ data: { id: string; email: string }[]; nextCursor: string }>();
    expect(page.data[0]).toMatchObject({ id: founder.memberId, email: founder.email, role: 'owner' });
    const rest = (await send(founder, 'GET', `?limit=3&cursor=${page.nextCursor}`)).json<typeof page>();
    expect([...page.data, ...rest.data].map(({ id }) => id)).toEqual(ids);
    expect(rest.nextCursor).toBeNull();
    const admins = (await send(founder, 'GET', '?role=admin')).json<typeof page>();
    expect(admins.data.map(({ id }) => id)).toEqual([ids[1]]);
  });

  it('refuses what is no limit, cursor or role', async () => {
    for (const query of ['limit=0', 'limit=101', 'cursor=x', 'role=king']) {
      expect((await send(owner, 'GET', `?${query}`)).statusCode).toBe(400);
    }
  });

  it('shows another tenant’s members to nobody', async () => {
    const stranger = await at.app.signUp();
    const { data } = (await send(stranger, 'GET', '')).json<{ data: { id: string }[] }>();
    expect(data.map(({ id }) => id)).toEqual([stranger.memberId]);
    for (const method of ['GET', 'PATCH', 'DELETE'] as const) {
      const payload = method === 'PATCH' ? { name: 'Mine' } : undefined;
      expect((await send(stranger, method, `/${owner.memberId}`, payload)).statusCode).toBe(404);
    }
    expect((await send(stranger, 'GET', `/${owner.memberId}/permissions`)).statusCode).toBe(404);
  });
});

describe('inviting', () => {
  it('sends the way in to the address, and makes whoever accepts a member', async () => {
    const guest = await at.app.signUp();
    const email = anEmail();
    const invited = await send(owner, 'POST', '', { role: 'agent', email: email.toUpperCase() });
    expect(invited.statusCode).toBe(201);
    expect(invited.json()).toMatchObject({ status: 'invited', email, role: 'agent', joinedAt: null });
    const message = at.app.sent.at(-1)!;
    expect(message).toMatchObject({ channel: 'email', to: email, template: 'invitation' });
    const { token } = message.variables;
    expect(invited.body).not.toContain(token);

    const accepted = await send(guest, 'POST', '/accept', { token });
    expect(accepted.json()).toMatchObject({ tenantId: owner.tenantId, role: 'agent' });
    const { memberId } = accepted.json<{ memberId: string }>();
    const member = (await send(owner, 'GET', `/${memberId}`)).json();
    expect(member).toMatchObject({ status: 'active', email: guest.email, invitationExpiresAt: null });
    expect((await send(await at.app.signUp(), 'POST', '/accept', { token })).statusCode).toBe(404);
  });

  it('goes by SMS to a phone', async () => {
    await send(owner, 'POST', '', { role: 'viewer', phone: '+14155550142' });
    expect(at.app.sent.at(-1)).toMatchObject({ channel: 'sms', to: '+14155550142' });
  });

  it('asks for one address, and for one nobody here has', async () => {
    const bodies = [
      { role: 'agent' },
      { role: 'agent', email: 'a@b.example', phone: '+14155550142' },
      { role: 'agent', email: 'nonsense' },
      { role: 'agent', phone: '555' },
      { role: 'king', email: 'a@b.example' },
    ];
    for (const body of bodies) expect((await send(owner, 'POST', '', body)).statusCode).toBe(400);
    expect((await send(owner, 'POST', '', { role: 'agent', email: owner.email })).statusCode).toBe(409);
    const email = anEmail();
    expect((await send(owner, 'POST', '', { role: 'agent', email })).statusCode).toBe(201);
    expect((await send(owner, 'POST', '', { role: 'viewer', email })).statusCode).toBe(409);
  });

  it('is sent again on request, no more than once a minute, and the older link then leads nowhere', async () => {
    const { id } = (await send(owner, 'POST', '', { role: 'agent', email: anEmail() })).json<{
      id: string;
    }>();
    const { token: older } = at.app.sent.at(-1)!.variables;
    const early = await send(owner, 'POST', `/${id}/resend-invitation`);
    expect(early.statusCode).toBe(429);
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(0);
    at.app.clock.advance(60_000);
    expect((await send(owner, 'POST', `/${id}/resend-invitation`)).statusCode).toBe(200);
    const guest = await at.app.signUp();
    expect((await send(guest, 'POST', '/accept', { token: older })).statusCode).toBe(404);
    const { token } = at.app.sent.at(-1)!.variables;
    expect((await send(guest, 'POST', '/accept', { token })).statusCode).toBe(200);
  });

  it('creates one invitation for one Idempotency-Key', async () => {
    const body = { role: 'agent', email: anEmail() };
    const headers = { 'idempotency-key': 'invite-once' };
    const [first, again] = [
      await send(owner, 'POST', '', body, headers),
      await send(owner, 'POST', '', body, headers),
    ];
    expect([again.statusCode, again.body]).toEqual([201, first.body]);
  });

  it('is withdrawn when nobody could be told', async () => {
    const { app } = at;
    const email = anEmail();
    const push = app.sent.push.bind(app.sent);
    app.sent.push = () => {
      throw new Error('no sender');
    };
    expect((await send(owner, 'POST', '', { role: 'agent', email })).statusCode).toBe(500);
    app.sent.push = push;
    expect((await send(owner, 'POST', '', { role: 'agent', email })).statusCode).toBe(201);
  });
});

describe('changing a member', () => {
  it('takes effect with the very next request, and is explained and on record', async () => {
    const member = await at.app.memberWith('viewer', owner.tenantId);
    expect((await send(member, 'POST', '', { role: 'viewer', email: anEmail() })).statusCode).toBe(403);
    const changed = await send(owner, 'PATCH', `/${member.memberId}`, {
      role: 'manager',
      grantedPermissions: ['members:write'],
      deniedPermissions: ['calls:read'],
    });
    expect(changed.statusCode).toBe(200);
    expect((await send(member, 'POST', '', { role: 'viewer', email: anEmail() })).statusCode).toBe(403);
    const { data } = (await send(owner, 'GET', `/${member.memberId}/permissions`)).json<{
      data: { permission: string; allowed: boolean; source: string }[];
    }>();
    const sourceOf = (name: string) => data.find(({ permission }) => permission === name);
    expect(sourceOf('members:write')).toMatchObject({ allowed: true, source: 'granted' });
    expect(sourceOf('calls:read')).toMatchObject({ allowed: false, source: 'denied' });
    expect(sourceOf('tickets:write')).toMatchObject({ allowed: true, source: 'role' });
    expect(sourceOf('api-keys:read')).toMatchObject({ allowed: false, source: 'none' });
    const log = await at.app.inject({
      url: `/v1/audit-log?resourceId=${member.memberId}`,
      headers: owner.headers,
    });
    expect(log.json()).toMatchObject({
      data: [
        {
          action: 'member.changed',
          actor: { type: 'member', id: owner.memberId },
          address: '127.0.0.1',
          before: { role: 'viewer' },
          after: { role: 'manager' },
        },
      ],
    });
  });

  it('is refused when somebody else changed him since he was read', async () => {
    const { memberId } = await at.app.memberWith('agent', owner.tenantId);
    const { etag } = (await send(owner, 'GET', `/${memberId}`)).headers;
    const match = { 'if-match': etag };
    const first = await send(owner, 'PATCH', `/${memberId}`, { name: 'Sam' }, match);
    expect(first.statusCode).toBe(200);
    expect((await send(owner, 'PATCH', `/${memberId}`, { name: 'Kim' }, match)).statusCode).toBe(412);
    const newer = { 'if-match': first.headers.etag };
    expect((await send(owner, 'PATCH', `/${memberId}`, { name: 'Kim' }, newer)).statusCode).toBe(200);
  });

  it('never gives more than one has: an admin makes no owner, a key no admin', async () => {
    const admin = await at.app.memberWith('admin', owner.tenantId);
    const { memberId } = await at.app.memberWith('agent', owner.tenantId);
    expect((await send(admin, 'PATCH', `/${memberId}`, { role: 'owner' })).statusCode).toBe(403);
    expect((await send(admin, 'PATCH', `/${admin.memberId}`, { role: 'owner' })).statusCode).toBe(403);
    expect((await send(admin, 'PATCH', `/${owner.memberId}`, { role: 'viewer' })).statusCode).toBe(403);
    expect((await send(admin, 'DELETE', `/${owner.memberId}`)).statusCode).toBe(403);
    expect((await send(admin, 'PATCH', `/${memberId}`, { role: 'admin' })).statusCode).toBe(200);
    const key = await at.app.apiKeyWith(['members:write'], owner.tenantId);
    const invitation = { role: 'admin', email: anEmail() };
    expect((await send(key, 'POST', '', invitation)).statusCode).toBe(403);
  });

  it('of the last owner into something else is refused, of the last but one is not', async () => {
    const founder = await at.app.signUp();
    const demotion = { role: 'admin' };
    expect((await send(founder, 'PATCH', `/${founder.memberId}`, demotion)).statusCode).toBe(409);
    expect((await send(founder, 'DELETE', '/me')).statusCode).toBe(409);
    const second = await at.app.memberWith('owner', founder.tenantId);
    const both = await Promise.all([
      send(founder, 'PATCH', `/${second.memberId}`, demotion),
      send(second, 'PATCH', `/${founder.memberId}`, demotion),
    ]);
    expect(both.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    const owners = (await send(founder, 'GET', '?role=owner')).json<{ data: object[] }>();
    expect(owners.data).toHaveLength(1);
  });
});

describe('removing a member', () => {
  it('ends his sessions at once', async () => {
    const member = await at.app.memberWith('admin', owner.tenantId);
    expect((await send(member, 'GET', '')).statusCode).toBe(200);
    expect((await send(owner, 'DELETE', `/${member.memberId}`)).statusCode).toBe(204);
    expect((await send(member, 'GET', '')).statusCode).toBe(401);
    expect((await send(owner, 'GET', `/${member.memberId}`)).statusCode).toBe(404);
    const gone = (await send(owner, 'GET', '?status=removed')).json<{ data: { id: string }[] }>();
    expect(gone.data.map(({ id }) => id)).toContain(member.memberId);
  });

  it('is open to everybody for himself', async () => {
    const member = await at.app.memberWith('viewer', owner.tenantId);
    expect((await send(member, 'DELETE', '/me')).statusCode).toBe(204);
    expect((await send(member, 'GET', '')).statusCode).toBe(401);
  });

  it('of somebody who is not there is not found', async () => {
    for (const id of [newId('mem'), newId('tkt'), 'x']) {
      expect((await send(owner, 'DELETE', `/${id}`)).statusCode).toBe(404);
    }
  });
});
