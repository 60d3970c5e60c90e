import { describe, expect, it } from 'vitest';
import { runAcrossTenants } from '../../../../src/platform/data/tx.ts';
import { testCipher } from '../../../support/test-tenancy.ts';
import { useRestApp } from '../../../support/rest-app.ts';
import { aNumber, codeTo, get, password, post, type Tokens, wrong } from './a-person.ts';

const at = useRestApp();
const minuteMs = 60_000;

function auth(step: string, body: object) {
  return post(at.app, `/v1/auth/phone/${step}`, body);
}

async function registered(extra: object = {}): Promise<{ phone: string } & Tokens> {
  const phone = aNumber();
  await auth('send-verification', { phone });
  const response = await auth('register', { phone, code: await codeTo(at.app, phone), ...extra });
  expect(response.statusCode).toBe(201);
  at.app.clock.advance(minuteMs);
  return { phone, ...response.json<Tokens>() };
}

async function newCode(step: string, phone: string): Promise<string> {
  const count = at.app.sent.length;
  expect((await auth(step, { phone })).statusCode).toBe(202);
  await expect.poll(() => at.app.sent.length).toBeGreaterThan(count);
  return codeTo(at.app, phone);
}

describe('registering with a number', () => {
  it('takes a code that was sent there, checked once before if one likes', async () => {
    const phone = aNumber();
    expect((await auth('send-verification', { phone, channel: 'whatsapp' })).statusCode).toBe(202);
    const code = await codeTo(at.app, phone);
    expect(code).toMatch(/^\d{6}$/);
    expect(at.app.sent.at(-1)).toMatchObject({ channel: 'whatsapp', template: 'verification-code' });
    expect((await auth('verify-code', { phone, code })).json()).toEqual({ verified: true });
    const body = { phone, code, name: 'Kim', businessName: 'Kiosk' };
    const response = await auth('register', body);
    expect(response.statusCode).toBe(201);
    expect(response.json()).toMatchObject({
      person: { name: 'Kim', phone, email: null, hasPassword: false },
      membership: { tenant: { name: 'Kiosk' }, role: 'owner' },
    });
    const { accessToken } = response.json<Tokens>();
    expect((await get(at.app, '/v1/auth/me', accessToken)).statusCode).toBe(200);
    expect((await auth('register', body)).statusCode).toBe(422);
  });

  it('refuses a number that has an account', async () => {
    const { phone } = await registered();
    expect((await auth('send-verification', { phone })).statusCode).toBe(409);
  });

  it('keeps a code as something that does not tell it, or the number', async () => {
    const phone = aNumber();
    await auth('send-verification', { phone });
    const code = await codeTo(at.app, phone);
    const row = await runAcrossTenants(at.app.db, (system) =>
      system
        .selectFrom('oneTimeCode')
        .selectAll()
        .where('phoneIndex', '=', testCipher.blindIndex(phone))
        .executeTakeFirstOrThrow(),
    );
    expect(row.codeHmac).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(row)).not.toContain(phone);
    expect(JSON.stringify(row)).not.toContain(`"${code}"`);
  });

  it('spends a code once, however many bring it at the same moment', async () => {
    const phone = aNumber();
    await auth('send-verification', { phone });
    const code = await codeTo(at.app, phone);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => auth('register', { phone, code, name: 'Kim' })),
    );
    expect(answers.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([
      201, 422, 422, 422, 422, 422,
    ]);
  });

  it('gives a code five tries, counted when they come at once too', async () => {
    const phone = aNumber();
    await auth('send-verification', { phone });
    const code = await codeTo(at.app, phone);
    const tries = await Promise.all(
      Array.from({ length: 5 }, () => auth('verify-code', { phone, code: wrong(code) })),
    );
    expect(tries.every(({ statusCode }) => statusCode === 422)).toBe(true);
    expect((await auth('verify-code', { phone, code })).statusCode).toBe(422);
    expect((await auth('register', { phone, code })).statusCode).toBe(422);
  });

  it('still takes the right code after four wrong ones', async () => {
    const phone = aNumber();
    await auth('send-verification', { phone });
    const code = await codeTo(at.app, phone);
    for (let count = 0; count < 4; count += 1) await auth('verify-code', { phone, code: wrong(code) });
    expect((await auth('verify-code', { phone, code })).statusCode).toBe(200);
  });

  it('takes a code for ten minutes, and only the newest', async () => {
    const phone = aNumber();
    const first = await newCode('send-verification', phone);
    at.app.clock.advance(minuteMs);
    const second = await newCode('send-verification', phone);
    if (first !== second) expect((await auth('verify-code', { phone, code: first })).statusCode).toBe(422);
    at.app.clock.advance(10 * minuteMs - 1);
    expect((await auth('verify-code', { phone, code: second })).statusCode).toBe(200);
    at.app.clock.advance(1);
    expect((await auth('verify-code', { phone, code: second })).statusCode).toBe(422);
  });
});

describe('codes to one number', () => {
  it('are one a minute and five an hour, for all purposes together', async () => {
    const phone = aNumber();
    const steps = ['send-verification', 'send-sign-in-code', 'forgot-password'];
    for (let count = 0; count < 5; count += 1) {
      const step = steps[count % steps.length]!;
      expect((await auth(step, { phone })).statusCode).toBe(202);
      const early = await auth(step, { phone });
      expect(early.statusCode).toBe(429);
      // After the fifth it is the hour that has to pass.
      if (count < 4) expect(Number(early.headers['retry-after'])).toBeLessThanOrEqual(60);
      at.app.clock.advance(minuteMs);
    }
    const sixth = await auth('send-verification', { phone });
    expect(sixth.statusCode).toBe(429);
    expect(Number(sixth.headers['retry-after'])).toBe(55 * 60);
    at.app.clock.advance(55 * minuteMs);
    expect((await auth('send-verification', { phone })).statusCode).toBe(202);
  });

  it('are one when several are asked for at the same moment', async () => {
    const phone = aNumber();
    const answers = await Promise.all(Array.from({ length: 6 }, () => auth('send-verification', { phone })));
    expect(answers.filter(({ statusCode }) => statusCode === 202)).toHaveLength(1);
    expect(at.app.sent.filter(({ to }) => to === phone)).toHaveLength(1);
  });

  it('are limited by the address that asks, whichever numbers it names', async () => {
    const address = '203.0.113.50';
    const ask = () => post(at.app, '/v1/auth/phone/send-verification', { phone: aNumber() }, { address });
    for (let count = 0; count < 10; count += 1) expect((await ask()).statusCode).toBe(202);
    expect((await ask()).statusCode).toBe(429);
  });
});

describe('signing in with a code', () => {
  it('needs no password', async () => {
    const { phone } = await registered();
    const code = await newCode('send-sign-in-code', phone);
    const response = await auth('sign-in', { phone, code });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ person: { phone } });
    expect((await auth('sign-in', { phone, code })).statusCode).toBe(401);
  });

  it('answers a number that nobody has like one that somebody has, and sends nothing there', async () => {
    const { phone: known } = await registered();
    const unknown = aNumber();
    const answers = [];
    for (const phone of [unknown, known]) answers.push(await auth('send-sign-in-code', { phone }));
    expect(answers[0]!.statusCode).toBe(202);
    expect(answers[0]!.body).toBe(answers[1]!.body);
    const code = await codeTo(at.app, known);
    expect(at.app.sent.some(({ to }) => to === unknown)).toBe(false);
    const wrongs = [];
    for (const phone of [unknown, known]) {
      const response = await auth('sign-in', { phone, code: wrong(code) });
      const { requestId: _, ...problem } = response.json<{ requestId: string }>();
      wrongs.push({ status: response.statusCode, problem });
    }
    expect(wrongs[0]).toEqual(wrongs[1]);
    expect(wrongs[0]!.status).toBe(401);
  });

  it('does not take a code that was sent for something else', async () => {
    const { phone } = await registered();
    const code = await newCode('forgot-password', phone);
    expect((await auth('sign-in', { phone, code })).statusCode).toBe(401);
  });
});

describe('a password forgotten by somebody with a number', () => {
  it('is replaced with a code, which ends every session', async () => {
    const { phone, accessToken } = await registered({ password });
    const code = await newCode('forgot-password', phone);
    expect(at.app.sent.at(-1)).toMatchObject({ template: 'password-reset-code' });
    const body = { phone, code, password: 'a tram up the hill' };
    expect((await auth('reset-password', { ...body, code: wrong(code) })).statusCode).toBe(422);
    expect((await auth('reset-password', body)).statusCode).toBe(204);
    expect((await auth('reset-password', body)).statusCode).toBe(422);
    expect((await get(at.app, '/v1/auth/me', accessToken)).statusCode).toBe(401);
  });
});
