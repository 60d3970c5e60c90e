import { afterEach, describe, expect, it, vi } from 'vitest';
import { runAcrossTenants } from '../../../../src/platform/data/tx.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';
import { Passwords } from '../../../../src/platform/crypto/password.ts';
import { useRestApp } from '../../../support/rest-app.ts';
import { anEmail, get, password, post, signUp, type Tokens } from './a-person.ts';

const at = useRestApp();

afterEach(() => {
  vi.restoreAllMocks();
});

describe('signing up', () => {
  it('makes a person, a business with its time zone and currency, and a session of its owner', async () => {
    const email = anEmail();
    const business = { businessName: 'Harbour Street', timeZone: 'Europe/Berlin', currency: 'EUR' };
    const body = { email: email.toUpperCase(), password, name: 'Robin', ...business };
    const response = await post(at.app, '/v1/auth/sign-up', body);
    expect(response.statusCode).toBe(201);
    expect(response.json()).toMatchObject({
      tokenType: 'Bearer',
      expiresInSeconds: 900,
      person: { name: 'Robin', email, hasPassword: true },
      membership: { tenant: { name: 'Harbour Street' }, role: 'owner' },
    });
    const { accessToken, membership } = response.json<
      Tokens & { membership: { tenant: { id: TenantId; slug: string } } }
    >();
    expect(membership.tenant.slug).toMatch(/^harbour-street-[a-z0-9]{6}$/);
    expect((await get(at.app, '/v1/auth/me', accessToken)).json()).toMatchObject({
      type: 'member',
      person: { email },
      membership: { tenant: { id: membership.tenant.id } },
    });
    const tenant = await runAcrossTenants(at.app.db, (system) =>
      system.selectFrom('tenant').selectAll().where('id', '=', membership.tenant.id).executeTakeFirst(),
    );
    expect(tenant).toMatchObject({ timeZone: 'Europe/Berlin', currency: 'EUR' });
  });

  it('keeps addresses and passwords unreadable', async () => {
    const { email, person } = await signUp(at.app);
    const row = await runAcrossTenants(at.app.db, (system) =>
      system
        .selectFrom('person')
        .selectAll()
        .where('id', '=', person.id as never)
        .executeTakeFirstOrThrow(),
    );
    expect(JSON.stringify(row)).not.toContain(email);
    expect(JSON.stringify(row)).not.toContain(password);
    expect(row.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('refuses an address that has an account, also when both come at the same moment', async () => {
    const { email } = await signUp(at.app);
    const body = { email, password, name: 'Kim' };
    expect((await post(at.app, '/v1/auth/sign-up', body)).statusCode).toBe(409);
    const fresh = { ...body, email: anEmail() };
    const both = await Promise.all([1, 2, 3].map(() => post(at.app, '/v1/auth/sign-up', fresh)));
    expect(both.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  });

  it.each([
    ['an address that is none', { email: 'nobody' }, '/email'],
    ['a short password', { password: 'too short' }, '/password'],
    ['a time zone that is none', { timeZone: 'Mars/Olympus' }, '/timeZone'],
    ['a currency that is none', { currency: 'euro' }, '/currency'],
  ])('refuses %s by name', async (_, wrong, pointer) => {
    const body = { email: anEmail(), password, name: 'Robin', ...wrong };
    const response = await post(at.app, '/v1/auth/sign-up', body);
    expect(response.statusCode).toBe(400);
    expect(response.json()).toMatchObject({ errors: [{ pointer }] });
  });
});

describe('signing in', () => {
  it('gives tokens that are good for what the member may do', async () => {
    const { email } = await signUp(at.app);
    const response = await post(at.app, '/v1/auth/sign-in', { email, password });
    expect(response.statusCode).toBe(200);
    const { accessToken } = response.json<Tokens>();
    expect((await get(at.app, '/v1/members', accessToken)).statusCode).toBe(200);
  });

  it('answers an unknown address, a wrong password and a person without one alike, after the same work', async () => {
    const { email } = await signUp(at.app);
    const passwordless = await signUp(at.app);
    await runAcrossTenants(at.app.db, (system) =>
      system
        .updateTable('person')
        .set({ passwordHash: null })
        .where('id', '=', passwordless.person.id as never)
        .execute(),
    );
    const verify = vi.spyOn(Passwords.prototype, 'verify');
    const answers = [];
    for (const who of [email, anEmail(), passwordless.email]) {
      const response = await post(at.app, '/v1/auth/sign-in', { email: who, password: 'not the password' });
      const { requestId: _, ...problem } = response.json<{ requestId: string }>();
      answers.push({ status: response.statusCode, problem });
    }
    expect(answers[0]).toMatchObject({ status: 401 });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    // Each was hashed once; that hashing without anything to compare costs the same is in the tests of passwords.
    expect(verify).toHaveBeenCalledTimes(3);
  });

  it('makes one identity wait after ten wrong passwords, whether it exists or not, from wherever they come', async () => {
    const { email } = await signUp(at.app);
    for (const who of [email, anEmail()]) {
      for (let count = 0; count < 10; count += 1) {
        const tried = await post(at.app, '/v1/auth/sign-in', { email: who, password: 'not the password' });
        expect(tried.statusCode).toBe(401);
      }
      const refused = await post(at.app, '/v1/auth/sign-in', { email: who, password });
      expect(refused.statusCode).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(800);
    }
    at.app.clock.advance(15 * 60_000);
    expect((await post(at.app, '/v1/auth/sign-in', { email, password })).statusCode).toBe(200);
  });

  it('counts tries before it makes them: many at once are no more than ten', async () => {
    const { email } = await signUp(at.app);
    const tries = await Promise.all(
      Array.from({ length: 14 }, () => post(at.app, '/v1/auth/sign-in', { email, password: 'wrong again' })),
    );
    expect(tries.filter(({ statusCode }) => statusCode === 401)).toHaveLength(10);
    expect(tries.filter(({ statusCode }) => statusCode === 429)).toHaveLength(4);
  });

  it('limits one address, with headers that say how much is left', async () => {
    const address = '203.0.113.99';
    const attempt = () => post(at.app, '/v1/auth/refresh', { refreshToken: 'x' }, { address });
    const first = await attempt();
    expect(first.headers['ratelimit-policy']).toBe('"address";q=120;w=60');
    expect(first.headers['ratelimit']).toBe('"address";r=119;t=60');
    const rest = await Promise.all(Array.from({ length: 119 }, attempt));
    expect(rest.every(({ statusCode }) => statusCode === 401)).toBe(true);
    const refused = await attempt();
    expect(refused.statusCode).toBe(429);
    expect(refused.json()).toMatchObject({ code: 'too-many-requests', status: 429 });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const other = await post(at.app, '/v1/auth/refresh', { refreshToken: 'x' });
    expect(other.statusCode).toBe(401);
  });

  it('is refused to a closed account, as if the password were wrong', async () => {
    const { email, person } = await signUp(at.app);
    await runAcrossTenants(at.app.db, (system) =>
      system
        .updateTable('person')
        .set({ disabledAt: new Date() })
        .where('id', '=', person.id as never)
        .execute(),
    );
    expect((await post(at.app, '/v1/auth/sign-in', { email, password })).statusCode).toBe(401);
  });

  it('is told apart from suspension only by whoever knows the password', async () => {
    const { email, membership } = await signUp(at.app);
    await runAcrossTenants(at.app.db, (system) =>
      system
        .updateTable('tenant')
        .set({ suspendedAt: new Date() })
        .where('id', '=', membership.tenant.id as TenantId)
        .execute(),
    );
    const right = await post(at.app, '/v1/auth/sign-in', { email, password });
    expect(right.statusCode).toBe(403);
    expect(right.json()).toMatchObject({ code: 'tenant-suspended' });
    expect((await post(at.app, '/v1/auth/sign-in', { email, password: 'wrong' })).statusCode).toBe(401);
  });
});

describe('a person of several businesses', () => {
  async function aPersonOfTwo() {
    const first = await signUp(at.app, { businessName: 'First' });
    const host = await signUp(at.app, { businessName: 'Second' });
    await post(at.app, '/v1/members', { role: 'agent', email: first.email }, { token: host.accessToken });
    const invitation = at.app.sent.findLast(({ to }) => to === first.email)!.variables['token']!;
    const accepted = await post(
      at.app,
      '/v1/members/accept',
      { token: invitation },
      { token: first.accessToken },
    );
    expect(accepted.statusCode).toBe(200);
    return { first, second: host.membership.tenant.id };
  }

  it('chooses one when signing in, and is in the one last used otherwise', async () => {
    const { first, second } = await aPersonOfTwo();
    const credentials = { email: first.email, password };
    at.app.clock.advance(1_000);
    const chosen = await post(at.app, '/v1/auth/sign-in', { ...credentials, tenantId: second });
    expect(chosen.json()).toMatchObject({ membership: { tenant: { id: second }, role: 'agent' } });
    const again = await post(at.app, '/v1/auth/sign-in', credentials);
    expect(again.json()).toMatchObject({ membership: { tenant: { id: second } } });
    expect(again.json<{ memberships: unknown[] }>().memberships).toHaveLength(2);
  });

  it('switches, and leaves the session behind', async () => {
    const { first, second } = await aPersonOfTwo();
    const { accessToken: token } = (
      await post(at.app, '/v1/auth/sign-in', {
        email: first.email,
        password,
        tenantId: first.membership.tenant.id,
      })
    ).json<Tokens>();
    const switched = await post(at.app, '/v1/auth/switch-tenant', { tenantId: second }, { token });
    expect(switched.json()).toMatchObject({ membership: { tenant: { id: second } } });
    expect((await get(at.app, '/v1/auth/me', token)).statusCode).toBe(401);
    const { accessToken } = switched.json<Tokens>();
    expect((await get(at.app, '/v1/auth/me', accessToken)).statusCode).toBe(200);
  });

  it('does not find a business of others, neither when signing in nor when switching', async () => {
    const { email, accessToken: token } = await signUp(at.app);
    const { membership } = await signUp(at.app);
    const tenantId = membership.tenant.id;
    expect((await post(at.app, '/v1/auth/sign-in', { email, password, tenantId })).statusCode).toBe(404);
    expect((await post(at.app, '/v1/auth/switch-tenant', { tenantId }, { token })).statusCode).toBe(404);
    expect((await get(at.app, '/v1/auth/me', token)).statusCode).toBe(200);
  });
});

describe('an invitation', () => {
  it('lets somebody new sign up into the business that invited, once', async () => {
    const host = await signUp(at.app);
    const email = anEmail();
    await post(at.app, '/v1/members', { role: 'manager', email }, { token: host.accessToken });
    const token = at.app.sent.findLast(({ to }) => to === email)!.variables['token']!;
    const body = { token, name: 'Kim', password };
    const answers = await Promise.all([1, 2].map(() => post(at.app, '/v1/auth/accept-invitation', body)));
    expect(answers.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
    const signedIn = await post(at.app, '/v1/auth/sign-in', { email, password });
    expect(signedIn.json()).toMatchObject({
      person: { name: 'Kim' },
      membership: { tenant: { id: host.membership.tenant.id }, role: 'manager' },
    });
    expect((await post(at.app, '/v1/auth/accept-invitation', body)).statusCode).toBe(404);
  });

  it('is not a way into an account that exists', async () => {
    const [host, known] = [await signUp(at.app), await signUp(at.app)];
    await post(at.app, '/v1/members', { role: 'manager', email: known.email }, { token: host.accessToken });
    const token = at.app.sent.findLast(({ to }) => to === known.email)!.variables['token']!;
    const taken = await post(at.app, '/v1/auth/accept-invitation', { token, name: 'Kim', password });
    expect(taken.statusCode).toBe(409);
  });
});
