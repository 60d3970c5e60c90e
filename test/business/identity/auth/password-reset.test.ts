import { describe, expect, it } from 'vitest';
import { useRestApp } from '../../../support/rest-app.ts';
import { anEmail, get, messageTo, password, post, signUp, type Tokens } from './a-person.ts';

const at = useRestApp();
const newPassword = 'a tram up the hill';

async function linkFor(email: string): Promise<string> {
  const asked = await post(at.app, '/v1/auth/forgot-password', { email });
  expect(asked.statusCode).toBe(202);
  const { template, variables } = await messageTo(at.app, email);
  expect(template).toBe('password-reset');
  return new URL(variables['link']!).hash.replace('#token=', '');
}

function signIn(email: string, given: string) {
  return post(at.app, '/v1/auth/sign-in', { email, password: given });
}

describe('a forgotten password', () => {
  it('is replaced through a link, which ends every session', async () => {
    const { email, accessToken, refreshToken } = await signUp(at.app);
    const token = await linkFor(email);
    const reset = await post(at.app, '/v1/auth/reset-password', { token, password: newPassword });
    expect(reset.statusCode).toBe(204);
    expect((await get(at.app, '/v1/auth/me', accessToken)).statusCode).toBe(401);
    expect((await post(at.app, '/v1/auth/refresh', { refreshToken })).statusCode).toBe(401);
    expect((await signIn(email, password)).statusCode).toBe(401);
    expect((await signIn(email, newPassword)).statusCode).toBe(200);
  });

  it('is replaced on a page where the link leads, which runs nothing but its own script', async () => {
    const { email } = await signUp(at.app);
    await linkFor(email);
    const link = new URL((await messageTo(at.app, email)).variables['link']!);
    expect(link.search).toBe('');
    const page = await at.app.inject({ url: link.pathname });
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    expect(page.headers['content-security-policy']).toMatch(/script-src 'self'; /);
    expect(page.headers['referrer-policy']).toBe('no-referrer');
    const [, script] = /<script type="module" src="([^"]+)">/.exec(page.body)!;
    const { body } = await at.app.inject({ url: script! });
    expect(body).toContain('/v1/auth/reset-password');
  });

  it('takes a link once, even from several who come at the same moment', async () => {
    const { email } = await signUp(at.app);
    const token = await linkFor(email);
    const passwords = ['a first new password', 'a second new password', 'a third new password'];
    const answers = await Promise.all(
      passwords.map((given) => post(at.app, '/v1/auth/reset-password', { token, password: given })),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([204, 422, 422]);
    const works = await Promise.all(passwords.map((given) => signIn(email, given)));
    expect(works.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });

  it('takes a link for an hour', async () => {
    const { email } = await signUp(at.app);
    const token = await linkFor(email);
    at.app.clock.advance(3_600_000);
    const late = await post(at.app, '/v1/auth/reset-password', { token, password: newPassword });
    expect(late.statusCode).toBe(422);
    expect((await signIn(email, password)).statusCode).toBe(200);
  });

  it('makes the links of before worthless', async () => {
    const { email } = await signUp(at.app);
    const first = await linkFor(email);
    const count = at.app.sent.length;
    await post(at.app, '/v1/auth/forgot-password', { email });
    await expect.poll(() => at.app.sent.length).toBeGreaterThan(count);
    const second = await linkFor(email);
    const reset = (token: string) =>
      post(at.app, '/v1/auth/reset-password', { token, password: newPassword });
    expect((await reset(second)).statusCode).toBe(204);
    expect((await reset(first)).statusCode).toBe(422);
  });

  it('is answered alike for an address that nobody has, to which nothing is sent', async () => {
    const { email: known } = await signUp(at.app);
    const unknown = anEmail();
    const answers = [];
    for (const email of [unknown, known]) {
      answers.push(await post(at.app, '/v1/auth/forgot-password', { email }));
    }
    expect(answers[0]!.statusCode).toBe(202);
    expect(answers[0]!.body).toBe(answers[1]!.body);
    await messageTo(at.app, known);
    expect(at.app.sent.some(({ to }) => to === unknown)).toBe(false);
  });

  it('sends five messages an hour to one address', async () => {
    const { email } = await signUp(at.app);
    const ask = () => post(at.app, '/v1/auth/forgot-password', { email });
    for (let count = 0; count < 5; count += 1) expect((await ask()).statusCode).toBe(202);
    expect((await ask()).statusCode).toBe(429);
    at.app.clock.advance(3_600_000);
    expect((await ask()).statusCode).toBe(202);
  });
});

describe('changing a password', () => {
  it('needs the old one, keeps this session and ends the others', async () => {
    const { email, accessToken: token } = await signUp(at.app);
    const other = (await signIn(email, password)).json<Tokens>();
    const change = (currentPassword: string) =>
      post(at.app, '/v1/auth/change-password', { currentPassword, newPassword }, { token });
    expect((await change('not the password')).statusCode).toBe(401);
    expect((await change(password)).statusCode).toBe(204);
    expect((await get(at.app, '/v1/auth/me', token)).statusCode).toBe(200);
    expect((await get(at.app, '/v1/auth/me', other.accessToken)).statusCode).toBe(401);
    expect((await signIn(email, newPassword)).statusCode).toBe(200);
    const log = await get(at.app, '/v1/audit-log?action=person.password-changed', token);
    expect(log.json<{ data: unknown[] }>().data).toHaveLength(1);
    expect(log.body).not.toContain(newPassword);
  });
});
