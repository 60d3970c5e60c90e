import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actorOf, tenantOf } from '../../../../src/business/tenancy/actor/actor.ts';
import { runAcrossTenants, runInTenant } from '../../../../src/platform/data/tx.ts';
import { newId } from '../../../../src/platform/data/ids.ts';
import { buildRestApp, type Caller, type MemberCaller, useRestApp } from '../../../support/rest-app.ts';

const at = useRestApp({
  routes(http) {
    const answer = { schema: { response: { 200: z.any() } } };
    http.get('/v1/_open', { config: { access: 'public' }, ...answer }, () => ({ ok: true }));
    http.get('/v1/_mine', { config: { access: 'signed-in' }, ...answer }, (request) => ({
      tenantId: tenantOf(request),
      type: actorOf(request).type,
    }));
    http.get('/v1/_staff', { config: { access: 'staff' }, ...answer }, () => ({ ok: true }));
    http.get('/v1/_keys', { config: { access: { permission: 'api-keys:write' } }, ...answer }, () => ({
      ok: true,
    }));
    http.post('/v1/_out', { config: { access: 'signed-in', changesAccess: true }, ...answer }, () => ({
      ok: true,
    }));
  },
});

let owner: MemberCaller;
beforeAll(async () => {
  owner = await at.app.signUp();
});

async function statusOf(url: string, caller?: Caller): Promise<number> {
  const { statusCode } = await at.app.inject({ url, headers: caller?.headers ?? {} });
  return statusCode;
}

describe('access to routes', () => {
  it('must be declared by every route under /v1, or the server does not start', async () => {
    await expect(
      buildRestApp({ routes: (http) => void http.get('/v1/forgotten', () => ({})) }),
    ).rejects.toThrow(/GET \/v1\/forgotten does not say who may use it/);
  });

  it('is open where it is public, and nowhere else', async () => {
    expect(await statusOf('/v1/_open')).toBe(200);
    for (const url of ['/v1/_mine', '/v1/_keys', '/v1/_staff']) {
      const response = await at.app.inject({ url });
      expect(response.statusCode).toBe(401);
      expect(response.headers['www-authenticate']).toBe('Bearer');
      expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(response.json()).toMatchObject({ code: 'unauthorized', status: 401 });
    }
  });

  it('goes by the credential alone: its tenant, never one the client names', async () => {
    const other = await at.app.signUp();
    const response = await at.app.inject({
      url: `/v1/_mine?tenantId=${other.tenantId}`,
      headers: { ...owner.headers, 'x-tenant-id': other.tenantId },
    });
    expect(response.json()).toEqual({ tenantId: owner.tenantId, type: 'member' });
  });

  it('asks for the permission of the route, of members by their role and of keys by their scopes', async () => {
    const { tenantId } = owner;
    expect(await statusOf('/v1/_keys', owner)).toBe(200);
    expect(await statusOf('/v1/_keys', await at.app.memberWith('admin', tenantId))).toBe(200);
    for (const role of ['manager', 'agent', 'viewer'] as const) {
      expect(await statusOf('/v1/_keys', await at.app.memberWith(role, tenantId))).toBe(403);
    }
    expect(await statusOf('/v1/_keys', await at.app.apiKeyWith(['api-keys:write'], tenantId))).toBe(200);
    expect(await statusOf('/v1/_keys', await at.app.apiKeyWith(['api-keys:read'], tenantId))).toBe(403);
    expect(await statusOf('/v1/_keys', await at.app.apiKeyWith('*', tenantId))).toBe(200);
  });

  it('to the platform’s routes is closed to every tenant', async () => {
    expect(await statusOf('/v1/_staff', owner)).toBe(403);
    expect(await statusOf('/v1/_staff', await at.app.apiKeyWith('*', owner.tenantId))).toBe(403);
  });

  it('follows what is granted and denied to a member alone, within five seconds', async () => {
    const viewer = await at.app.memberWith('viewer', owner.tenantId);
    expect(await statusOf('/v1/_keys', viewer)).toBe(403);
    await runAcrossTenants(at.app.db, (transaction) =>
      transaction
        .updateTable('member')
        .set({ grantedPermissions: JSON.stringify(['api-keys:write', 'of-yesterday:read']) })
        .where('id', '=', viewer.memberId)
        .execute(),
    );
    at.app.clock.advance(5_000);
    expect(await statusOf('/v1/_keys', viewer)).toBe(200);
  });

  it.each([
    ['the member was removed', 'member', { status: 'removed' }],
    ['the session was ended', 'session', { endedAt: new Date() }],
    ['the session has expired', 'session', { expiresAt: new Date(Date.now() - 1_000) }],
  ] as const)('is over once %s', async (_, table, change) => {
    const member = await at.app.signUp();
    const key = await at.app.apiKeyWith('*', member.tenantId);
    expect(await statusOf('/v1/_mine', member)).toBe(200);
    expect(await statusOf('/v1/_mine', key)).toBe(200);
    await runAcrossTenants(at.app.db, (transaction) =>
      transaction.updateTable(table).set(change).where('tenantId', '=', member.tenantId).execute(),
    );
    // Any change of access through this node is seen by the very next request.
    await at.app.inject({ method: 'POST', url: '/v1/_out', headers: owner.headers });
    expect(await statusOf('/v1/_mine', member)).toBe(401);
    expect(await statusOf('/v1/_mine', key)).toBe(200);
  });

  it('is refused to everybody in a suspended tenant, who are told so', async () => {
    const member = await at.app.signUp();
    const key = await at.app.apiKeyWith('*', member.tenantId);
    await runAcrossTenants(at.app.db, (transaction) =>
      transaction
        .updateTable('tenant')
        .set({ suspendedAt: new Date() })
        .where('id', '=', member.tenantId)
        .execute(),
    );
    for (const caller of [member, key]) {
      const response = await at.app.inject({ url: '/v1/_mine', headers: caller.headers });
      expect(response.statusCode).toBe(403);
      expect(response.json()).toMatchObject({ code: 'tenant-suspended' });
    }
  });

  it('is over with the token, a quarter of an hour after it was issued', async () => {
    const member = await at.app.signUp();
    at.app.clock.advance(15 * 60_000);
    expect(await statusOf('/v1/_mine', member)).toBe(401);
    owner = await at.app.signUp();
  });

  it('is not given to a member’s session under another tenant', async () => {
    const other = await at.app.signUp();
    const { memberId, personId } = owner;
    const sessionId = newId('ses');
    const forged = await at.app.tokens.issue({
      kind: 'member',
      memberId,
      personId,
      sessionId,
      tenantId: other.tenantId,
      role: 'owner',
    });
    expect(await statusOf('/v1/_mine', { ...owner, headers: { authorization: `Bearer ${forged}` } })).toBe(
      401,
    );
  });

  it('by key ends when the key expires or is revoked, and at other addresses than the key’s', async () => {
    const { tenantId } = owner;
    const key = await at.app.apiKeyWith('*', tenantId);
    const setKey = (change: object) =>
      runInTenant(at.app.db, tenantId, (transaction) =>
        transaction.updateTable('apiKey').set(change).where('hint', '=', key.key.slice(-4)).execute(),
      );
    await setKey({ allowedAddresses: JSON.stringify(['10.0.0.0/8']) });
    expect(await statusOf('/v1/_mine', key)).toBe(401);
    await setKey({ allowedAddresses: JSON.stringify(['127.0.0.0/8']) });
    at.app.clock.advance(5_000);
    expect(await statusOf('/v1/_mine', key)).toBe(200);
    await setKey({ expiresAt: new Date(Date.now() - 1_000) });
    at.app.clock.advance(5_000);
    expect(await statusOf('/v1/_mine', key)).toBe(401);
  });
});
