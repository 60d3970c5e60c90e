import { describe, expect, it } from 'vitest';
import { useRestApp } from '../../../support/rest-app.ts';
import { get, password, post, signUp, type Tokens } from '../auth/a-person.ts';

const at = useRestApp();

interface Listed {
  readonly data: readonly { readonly id: string; readonly isCurrent: boolean; readonly device: string }[];
  readonly nextCursor: string | null;
}

async function signIn(email: string, userAgent = 'curl/8.9.1'): Promise<Tokens> {
  const address = '203.0.113.7';
  return (await post(at.app, '/v1/auth/sign-in', { email, password }, { address, userAgent })).json<Tokens>();
}

async function list(token: string, query = ''): Promise<Listed> {
  const response = await get(at.app, `/v1/sessions${query}`, token);
  expect(response.statusCode).toBe(200);
  return response.json<Listed>();
}

function end(token: string, sessionId: string) {
  return at.app.inject({
    method: 'DELETE',
    url: `/v1/sessions/${sessionId}`,
    headers: { authorization: `Bearer ${token}` },
  });
}

describe('sessions', () => {
  it('are listed with device, address and times, newest first, page by page', async () => {
    const { email, accessToken } = await signUp(at.app);
    const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
    await signIn(email, firefox);
    const latest = await signIn(email);
    const whole = await list(accessToken);
    expect(whole.data).toHaveLength(3);
    expect(whole.data[0]).toMatchObject({ id: latest.sessionId, device: 'curl', isCurrent: false });
    expect(whole.data[1]).toMatchObject({ device: 'Firefox on Windows', address: '203.0.113.7' });
    expect(whole.data[2]).toMatchObject({ isCurrent: true });
    const first = await list(accessToken, '?limit=2');
    const rest = await list(accessToken, `?limit=2&cursor=${first.nextCursor}`);
    expect([...first.data, ...rest.data]).toEqual(whole.data);
    expect(rest.nextCursor).toBeNull();
  });

  it('say when they were last seen, as tokens are refreshed', async () => {
    const { accessToken, refreshToken } = await signUp(at.app);
    const before = (await list(accessToken)).data[0] as unknown as { lastSeenAt: string };
    at.app.clock.advance(60_000);
    const { accessToken: next } = (await post(at.app, '/v1/auth/refresh', { refreshToken })).json<Tokens>();
    const after = (await list(next)).data[0] as unknown as { lastSeenAt: string };
    expect(Date.parse(after.lastSeenAt) - Date.parse(before.lastSeenAt)).toBe(60_000);
  });

  it('are ended one by one: the token is refused at once, and so is its refreshing', async () => {
    const { email, accessToken } = await signUp(at.app);
    const other = await signIn(email);
    expect((await get(at.app, '/v1/auth/me', other.accessToken)).statusCode).toBe(200);
    expect((await end(accessToken, other.sessionId)).statusCode).toBe(204);
    expect((await get(at.app, '/v1/auth/me', other.accessToken)).statusCode).toBe(401);
    const { refreshToken } = other;
    expect((await post(at.app, '/v1/auth/refresh', { refreshToken })).statusCode).toBe(401);
    expect((await end(accessToken, other.sessionId)).statusCode).toBe(404);
  });

  it('are ended all at once but for this one', async () => {
    const { email, accessToken } = await signUp(at.app);
    const others = [await signIn(email), await signIn(email)];
    const ended = await post(at.app, '/v1/sessions/end-others', {}, { token: accessToken });
    expect(ended.json()).toEqual({ ended: 2 });
    for (const other of others) {
      expect((await get(at.app, '/v1/auth/me', other.accessToken)).statusCode).toBe(401);
    }
    expect((await list(accessToken)).data).toHaveLength(1);
  });

  it('of somebody else are not found, in the same business or another', async () => {
    const { accessToken } = await signUp(at.app);
    const stranger = await signUp(at.app);
    expect((await end(accessToken, stranger.sessionId)).statusCode).toBe(404);
    expect((await end(accessToken, 'ses_nonsense')).statusCode).toBe(404);
    expect((await get(at.app, '/v1/auth/me', stranger.accessToken)).statusCode).toBe(200);
  });

  it('are people’s: an API key has none', async () => {
    const owner = await at.app.signUp();
    const key = await at.app.apiKeyWith('*', owner.tenantId);
    expect((await at.app.inject({ url: '/v1/sessions', headers: key.headers })).statusCode).toBe(403);
  });
});
