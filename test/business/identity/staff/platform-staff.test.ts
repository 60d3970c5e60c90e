import { allEventTypes } from '../../../../src/app/events.ts';
import { staffActionProcessor } from '../../../../src/business/identity/staff/staff.ts';
import { replayEvents } from '../../../../src/business/tenancy/events/replay-events.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import { createStaff } from '../../../../src/business/identity/staff/staff.ts';
import { ingestRecords } from '../../../../src/business/record/calls/calls.ts';
import { newId, type TenantId } from '../../../../src/platform/data/ids.ts';
import { Passwords } from '../../../../src/platform/crypto/password.ts';
import { useRestApp } from '../../../support/rest-app.ts';
import { anEmail, get, password, post, signUp } from '../auth/a-person.ts';
import { aBookingCall, recordsOf } from '../../record/calls/a-call.ts';

const at = useRestApp();
const staffPassword = 'a lighthouse at noon';

let email: string;
let token: string;

async function signInStaff(address = email, given = staffPassword) {
  return post(at.app, '/v1/platform/auth/sign-in', { email: address, password: given });
}

beforeAll(async () => {
  email = anEmail();
  const dependencies = { tenancy: at.app.tenancy, passwords: new Passwords() };
  await createStaff(dependencies, undefined, { email, name: 'Sam', password: staffPassword });
  token = (await signInStaff()).json<{ accessToken: string }>().accessToken;
});

function act(url: string, body: object = {}, as = token) {
  return post(at.app, url, body, { token: as });
}

describe('the platform’s staff', () => {
  it('sign in apart from members, and are refused alike for a wrong password and an unknown address', async () => {
    const answers = [];
    for (const response of [await signInStaff(email, 'wrong'), await signInStaff(anEmail())]) {
      const { requestId: _, ...problem } = response.json<{ requestId: string }>();
      answers.push({ status: response.statusCode, problem });
    }
    expect(answers[0]).toMatchObject({ status: 401 });
    expect(answers[1]).toEqual(answers[0]);
    const member = await signUp(at.app);
    expect((await signInStaff(member.email, password)).statusCode).toBe(401);
    expect((await post(at.app, '/v1/auth/sign-in', { email, password: staffPassword })).statusCode).toBe(401);
  });

  it('reach the platform and no business; members and API keys the other way round', async () => {
    const owner = await at.app.signUp();
    const key = await at.app.apiKeyWith('*', owner.tenantId);
    for (const url of [
      '/v1/platform/tenants',
      '/v1/platform/users',
      '/v1/platform/statistics',
      '/v1/platform/staff',
    ]) {
      expect((await get(at.app, url, token)).statusCode).toBe(200);
      expect((await at.app.inject({ url, headers: owner.headers })).statusCode).toBe(403);
      expect((await at.app.inject({ url, headers: key.headers })).statusCode).toBe(403);
      expect((await at.app.inject({ url })).statusCode).toBe(401);
    }
    expect((await get(at.app, '/v1/calls', token)).statusCode).toBe(403);
    expect((await get(at.app, '/v1/auth/me', token)).statusCode).toBe(403);
  });

  it('make accounts for colleagues, and close them: their sessions end', async () => {
    const colleague = { email: anEmail(), name: 'Kim', password: 'a harbour before the storm' };
    const made = await act('/v1/platform/staff', colleague);
    expect(made.statusCode).toBe(201);
    const { id } = made.json<{ id: string }>();
    expect((await act('/v1/platform/staff', colleague)).statusCode).toBe(409);
    const theirs = (await signInStaff(colleague.email, colleague.password)).json<{ accessToken: string }>();
    expect((await get(at.app, '/v1/platform/staff', theirs.accessToken)).statusCode).toBe(200);
    expect((await act(`/v1/platform/staff/${id}/disable`)).statusCode).toBe(200);
    expect((await get(at.app, '/v1/platform/staff', theirs.accessToken)).statusCode).toBe(401);
    expect((await signInStaff(colleague.email, colleague.password)).statusCode).toBe(401);
  });

  it('sign out, and their session lasts a working day at most', async () => {
    const out = (await signInStaff()).json<{ accessToken: string }>().accessToken;
    expect((await act('/v1/platform/auth/sign-out', {}, out)).statusCode).toBe(204);
    expect((await get(at.app, '/v1/platform/tenants', out)).statusCode).toBe(401);
    at.app.clock.advance(8 * 3_600_000);
    expect((await get(at.app, '/v1/platform/tenants', token)).statusCode).toBe(401);
    token = (await signInStaff()).json<{ accessToken: string }>().accessToken;
  });
});

describe('businesses of the platform', () => {
  it('are listed newest first, searched by how name or slug begin, and read', async () => {
    const { membership } = await signUp(at.app, { businessName: 'Zebra_Crossing 100%' });
    const { id } = membership.tenant;
    await signUp(at.app, { businessName: 'ZebraXCrossing' });
    const found = await get(at.app, '/v1/platform/tenants?search=zebra_', token);
    expect(found.json()).toMatchObject({ data: [{ id, status: 'active' }], nextCursor: null });
    const first = (await get(at.app, '/v1/platform/tenants?limit=1', token)).json<{ nextCursor: string }>();
    const second = await get(at.app, `/v1/platform/tenants?limit=1&cursor=${first.nextCursor}`, token);
    expect(second.json()).toMatchObject({ data: [{ id }] });
    const detail = await get(at.app, `/v1/platform/tenants/${id}`, token);
    expect(detail.json()).toMatchObject({ id, counts: { members: 1, agents: 0, recentCalls: 0 } });
    expect((await get(at.app, `/v1/platform/tenants/${newId('tnt')}`, token)).statusCode).toBe(404);
  });

  it('are suspended and restored, for a reason, and are told so', async () => {
    const { accessToken, membership } = await signUp(at.app);
    const { id } = membership.tenant;
    const key = await at.app.apiKeyWith('*', id as TenantId);
    const reason = 'Invoices unpaid for 60 days';
    expect((await act(`/v1/platform/tenants/${id}/suspend`)).statusCode).toBe(400);
    const suspended = await act(`/v1/platform/tenants/${id}/suspend`, { reason });
    expect(suspended.json()).toMatchObject({ status: 'suspended' });
    expect((await act(`/v1/platform/tenants/${id}/suspend`, { reason })).statusCode).toBe(409);
    for (const authorization of [`Bearer ${accessToken}`, key.headers.authorization]) {
      const refused = await at.app.inject({ url: '/v1/calls', headers: { authorization } });
      expect(refused.statusCode).toBe(403);
      expect(refused.json()).toMatchObject({ code: 'tenant-suspended' });
    }
    const listed = await get(at.app, '/v1/platform/tenants?status=suspended', token);
    expect(listed.json<{ data: { id: string }[] }>().data.map((tenant) => tenant.id)).toContain(id);
    expect((await act(`/v1/platform/tenants/${id}/restore`, { reason: 'Paid' })).statusCode).toBe(400);
    expect((await act(`/v1/platform/tenants/${id}/restore`, { reason: 'They paid' })).statusCode).toBe(200);
    const log = await get(at.app, '/v1/audit-log?resource=tenant', accessToken);
    expect(log.json<{ data: { action: string }[] }>().data.map(({ action }) => action)).toEqual([
      'tenant.restored',
      'tenant.suspended',
      'tenant.created',
    ]);
    // The staff's own record has them once each, with the reason, and has after a replay.
    const replayed = { tenancy: at.app.tenancy, eventTypes: allEventTypes };
    expect(await replayEvents(replayed, staffActionProcessor, { tenantId: id as TenantId })).toBe(2);
    const actions = await at.app.tenancy.system((tx) =>
      tx
        .selectFrom('staffAction')
        .select(['action', 'details'])
        .where('subjectId', '=', id)
        .orderBy('id')
        .execute(),
    );
    expect(actions).toEqual([
      { action: 'tenant.suspended', details: { reason } },
      { action: 'tenant.restored', details: { reason: 'They paid' } },
    ]);
  });

  it('have people, found by the whole address or how the name begins', async () => {
    const { email: address, person, membership } = await signUp(at.app, { name: 'Quentin Ostrich' });
    for (const query of [`email=${encodeURIComponent(address.toUpperCase())}`, 'name=quentin']) {
      const found = await get(at.app, `/v1/platform/users?${query}`, token);
      expect(found.json()).toMatchObject({
        data: [
          {
            id: person.id,
            email: address,
            memberships: [{ tenant: { id: membership.tenant.id }, role: 'owner' }],
          },
        ],
      });
    }
    const none = await get(at.app, `/v1/platform/users?email=${anEmail()}`, token);
    expect(none.json()).toEqual({ data: [], nextCursor: null });
  });

  it('are counted, with calls, minutes and errors by day, quiet days too', async () => {
    const { membership } = await signUp(at.app);
    const tenantId = membership.tenant.id as TenantId;
    const records = recordsOf(tenantId, newId('call'), aBookingCall());
    await ingestRecords(at.app.tenancy, records);
    const day = records[0]!.at.slice(0, 10);
    const before = new Date(Date.parse(day) - 24 * 3_600_000).toISOString().slice(0, 10);
    const response = await get(at.app, `/v1/platform/statistics?from=${before}&to=${day}`, token);
    const { days, tenants } = response.json<{
      days: { calls: number; minutes: number }[];
      tenants: number;
    }>();
    expect(tenants).toBeGreaterThan(3);
    expect(days).toMatchObject([
      { date: before, calls: 0, minutes: 0 },
      { date: day, calls: 1 },
    ]);
    expect(days[1]!.minutes).toBeGreaterThan(0);
    for (const query of [
      'from=2026-03-02&to=2026-03-01',
      'from=2025-01-01&to=2026-01-01',
      'from=yesterday',
    ]) {
      expect((await get(at.app, `/v1/platform/statistics?${query}`, token)).statusCode).toBe(400);
    }
  });
});

describe('impersonation', () => {
  async function begin(tenantId: string, body: object = {}) {
    const response = await act(`/v1/platform/tenants/${tenantId}/impersonate`, {
      reason: 'Ticket 4711: the greeting is not played',
      ...body,
    });
    return { response, ...response.json<{ id: string; accessToken: string }>() };
  }

  it('needs a reason, and lasts half an hour at most', async () => {
    const { membership } = await signUp(at.app);
    const { id } = membership.tenant;
    expect((await begin(id, { reason: '' })).response.statusCode).toBe(400);
    expect((await begin(id, { minutes: 31 })).response.statusCode).toBe(400);
    const { accessToken } = await begin(id, { minutes: 5 });
    expect((await get(at.app, '/v1/members', accessToken)).statusCode).toBe(200);
    at.app.clock.advance(5 * 60_000);
    expect((await get(at.app, '/v1/members', accessToken)).statusCode).toBe(401);
  });

  it('is in the token, and every request of it in the business’s audit log, from beginning to end', async () => {
    const owner = await signUp(at.app);
    const { accessToken, id } = await begin(owner.membership.tenant.id);
    const me = (await get(at.app, '/v1/auth/me', accessToken)).json<{ staffId: string }>();
    expect(me).toMatchObject({ type: 'staff', impersonationId: id, tenantId: owner.membership.tenant.id });
    const claims = JSON.parse(Buffer.from(accessToken.split('.')[1]!, 'base64url').toString()) as object;
    expect(claims).toMatchObject({
      kind: 'staff',
      staffId: me.staffId,
      tenantId: owner.membership.tenant.id,
    });
    await get(at.app, '/v1/calls?cursor=secret', accessToken);
    expect((await act(`/v1/platform/impersonations/${id}/end`)).statusCode).toBe(204);
    const log = await get(at.app, '/v1/audit-log?resource=impersonation', owner.accessToken);
    const { data } = log.json<{ data: { action: string; after: { path?: string } | null }[] }>();
    expect(data.map(({ action, after }) => [action, after?.path])).toEqual([
      ['impersonation.ended', undefined],
      ['impersonation.request', '/v1/calls'],
      ['impersonation.request', '/v1/auth/me'],
      ['impersonation.started', undefined],
    ]);
    expect(log.body).toContain(me.staffId);
    expect(log.body).toContain('the greeting is not played');
  });

  it('ends when it is ended, and with the session it was begun in', async () => {
    const { membership } = await signUp(at.app);
    const first = await begin(membership.tenant.id);
    await act(`/v1/platform/impersonations/${first.id}/end`);
    expect((await get(at.app, '/v1/members', first.accessToken)).statusCode).toBe(401);
    expect((await act(`/v1/platform/impersonations/${first.id}/end`)).statusCode).toBe(404);
    const second = await begin(membership.tenant.id);
    await act('/v1/platform/auth/sign-out');
    expect((await get(at.app, '/v1/members', second.accessToken)).statusCode).toBe(401);
    token = (await signInStaff()).json<{ accessToken: string }>().accessToken;
  });

  it('is in one business alone, and reaches neither the platform nor anything that outlasts it', async () => {
    const { membership } = await signUp(at.app);
    const other = await signUp(at.app);
    const { accessToken } = await begin(membership.tenant.id);
    expect((await get(at.app, '/v1/platform/tenants', accessToken)).statusCode).toBe(403);
    const again = `/v1/platform/tenants/${other.membership.tenant.id}/impersonate`;
    expect((await act(again, { reason: 'One more look' }, accessToken)).statusCode).toBe(403);
    expect((await act('/v1/platform/auth/sign-out', {}, accessToken)).statusCode).toBe(403);
    const member = await get(at.app, `/v1/members/${other.membership.memberId}`, accessToken);
    expect(member.statusCode).toBe(404);
    const invited = await act('/v1/members', { role: 'owner', email: anEmail() }, accessToken);
    expect(invited.statusCode).toBe(403);
    const key = await act('/v1/api-keys', { name: 'Stays', mode: 'test', scopes: ['*'] }, accessToken);
    expect(key.statusCode).toBe(403);
    expect((await get(at.app, '/v1/sessions', accessToken)).statusCode).toBe(403);
  });
});
