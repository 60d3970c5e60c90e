import { describe, expect, it } from 'vitest';
import { SessionTokens } from '../../../../src/business/tenancy/access/session-token.ts';
import { useRestApp } from '../../../support/rest-app.ts';
import { get, post, signUp, type Tokens } from './a-person.ts';

const at = useRestApp();
const dayMs = 24 * 3_600_000;

function refresh(refreshToken: string) {
  return post(at.app, '/v1/auth/refresh', { refreshToken });
}

describe('a refresh token', () => {
  it('gives the next pair, once an access token is over', async () => {
    const signedUp = await signUp(at.app);
    at.app.clock.advance(15 * 60_000);
    expect((await get(at.app, '/v1/auth/me', signedUp.accessToken)).statusCode).toBe(401);
    const response = await refresh(signedUp.refreshToken);
    expect(response.statusCode).toBe(200);
    const next = response.json<Tokens>();
    expect(next.sessionId).toBe(signedUp.sessionId);
    expect(next.refreshToken).not.toBe(signedUp.refreshToken);
    expect((await get(at.app, '/v1/auth/me', next.accessToken)).statusCode).toBe(200);
  });

  it('used a second time ends the session, for whoever has the newer one too, and says so in the audit log', async () => {
    const first = await signUp(at.app);
    const next = (await refresh(first.refreshToken)).json<Tokens>();
    expect((await refresh(first.refreshToken)).statusCode).toBe(401);
    expect((await refresh(next.refreshToken)).statusCode).toBe(401);
    expect((await get(at.app, '/v1/auth/me', next.accessToken)).statusCode).toBe(401);
    const { accessToken } = (
      await post(at.app, '/v1/auth/sign-in', { email: first.email, password: 'a bicycle in the rain' })
    ).json<Tokens>();
    const log = await get(at.app, '/v1/audit-log?action=session.ended', accessToken);
    expect(log.json()).toMatchObject({
      data: [{ resourceId: first.sessionId, after: { reason: 'refresh-token-reused' } }],
    });
  });

  it('brought by many at the same moment is given to one, and the session is over', async () => {
    const { refreshToken } = await signUp(at.app);
    const answers = await Promise.all(Array.from({ length: 8 }, () => refresh(refreshToken)));
    const given = answers.filter(({ statusCode }) => statusCode === 200);
    expect(given).toHaveLength(1);
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(7);
    expect((await refresh(given[0]!.json<Tokens>().refreshToken)).statusCode).toBe(401);
  });

  it('lasts thirty days without use, and ninety with', async () => {
    const idle = await signUp(at.app);
    let used: Tokens = await signUp(at.app);
    for (const days of [29, 29, 29]) {
      at.app.clock.advance(days * dayMs);
      const response = await refresh(used.refreshToken);
      expect(response.statusCode).toBe(200);
      used = response.json<Tokens>();
    }
    expect((await refresh(idle.refreshToken)).statusCode).toBe(401);
    at.app.clock.advance(4 * dayMs);
    expect((await refresh(used.refreshToken)).statusCode).toBe(401);
  });

  it.each(['', 'x'.repeat(201)])('that cannot be one is refused by its form', async (token) => {
    expect((await refresh(token)).statusCode).toBe(400);
  });

  it('is no access token, nor the other way round', async () => {
    const { accessToken, refreshToken } = await signUp(at.app);
    expect((await get(at.app, '/v1/auth/me', refreshToken)).statusCode).toBe(401);
    expect((await refresh(accessToken.slice(0, 200))).statusCode).toBe(401);
  });

  it('ends with signing out', async () => {
    const { accessToken, refreshToken } = await signUp(at.app);
    const out = await post(at.app, '/v1/auth/sign-out', {}, { token: accessToken });
    expect(out.statusCode).toBe(204);
    expect((await get(at.app, '/v1/auth/me', accessToken)).statusCode).toBe(401);
    expect((await refresh(refreshToken)).statusCode).toBe(401);
  });
});

describe('an access token', () => {
  it('that was changed, or signed by somebody else, is nobody’s', async () => {
    const { accessToken } = await signUp(at.app);
    const [head, body, signature] = accessToken.split('.');
    const claims = JSON.parse(Buffer.from(body!, 'base64url').toString()) as Record<string, unknown>;
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const foreign = new SessionTokens({ tokenSecret: 'another secret', clock: at.app.clock });
    for (const token of [
      `${head}.${encoded({ ...claims, role: 'owner', exp: 4_000_000_000 })}.${signature}`,
      `${encoded({ alg: 'none', typ: 'JWT' })}.${body}.`,
      `${head}.${body}.`,
      await foreign.issue(claims as never),
    ]) {
      expect((await get(at.app, '/v1/auth/me', token)).statusCode).toBe(401);
    }
    expect((await get(at.app, '/v1/auth/me', accessToken)).statusCode).toBe(200);
  });
});
