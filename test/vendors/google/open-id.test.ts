import { hash, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type GoogleFaults, type GoogleSimulator, startGoogle } from '../../../simulator/google/google.ts';
import { createGoogleIdentityProvider } from '../../../src/vendors/google/open-id.ts';
import { VendorError } from '../../../src/platform/process/errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let google: GoogleSimulator;
let clock: FakeClock;
const refusals: unknown[] = [];

beforeAll(async () => {
  google = await startGoogle({ client: { id: 'parley', secret: 'its secret' } });
});
afterAll(() => google.close());
beforeEach(() => {
  clock = new FakeClock(new Date());
  google.faults = {};
  refusals.length = 0;
});

function provider(overrides: { clientSecret?: string; baseUrl?: string } = {}) {
  return createGoogleIdentityProvider({
    clientId: 'parley',
    clientSecret: 'its secret',
    baseUrl: google.url,
    clock,
    logger: { warn: (fields: unknown) => void refusals.push(fields) },
    ...overrides,
  });
}

const redirectUri = 'https://app.example.com/signed-in';

/** From the link to the code, as a browser brings it. */
async function aCode(from = provider()) {
  const codeVerifier = randomBytes(32).toString('base64url');
  const nonce = randomBytes(8).toString('hex');
  const codeChallenge = hash('sha256', codeVerifier, 'base64url');
  const url = new URL(await from.authorizationUrl({ state: 'state', nonce, codeChallenge, redirectUri }));
  url.searchParams.set('as', 'robin@example.com');
  const response = await fetch(url, { redirect: 'manual' });
  const code = new URL(response.headers.get('location')!).searchParams.get('code')!;
  return { code, codeVerifier, nonce, redirectUri };
}

afterEach(() => vi.useRealTimers());

describe('Google as a provider of identities', () => {
  it('tells who came back', async () => {
    const from = provider();
    await expect(from.identify(await aCode(from))).resolves.toEqual({
      subject: '100000000000000000001',
      email: 'robin@example.com',
      isEmailVerified: true,
      name: 'Robin Example',
    });
    expect(refusals).toEqual([]);
  });

  it('takes an address for unverified unless Google says otherwise', async () => {
    google.faults = { claims: { email_verified: undefined } };
    const from = provider();
    await expect(from.identify(await aCode(from))).resolves.toMatchObject({ isEmailVerified: false });
  });

  const hour = 3_600;
  const now = () => Math.floor(Date.now() / 1000);
  it.each<[string, () => GoogleFaults]>([
    ['of another issuer', () => ({ claims: { iss: 'https://evil.example' } })],
    ['made for somebody else', () => ({ claims: { aud: 'another-client' } })],
    ['for several, asked for by somebody else', () => ({ claims: { aud: ['parley', 'x'], azp: 'x' } })],
    ['for several, asked for by nobody', () => ({ claims: { aud: ['parley', 'x'], azp: undefined } })],
    ['that has expired', () => ({ claims: { exp: now() - hour } })],
    ['from the future', () => ({ claims: { iat: now() + hour } })],
    ['of another sign-in', () => ({ claims: { nonce: 'another' } })],
    ['without a nonce', () => ({ claims: { nonce: undefined } })],
    ['without a subject', () => ({ claims: { sub: undefined } })],
    ['signed by a key that is not Google’s', () => ({ signature: 'foreign' })],
    ['not signed at all', () => ({ signature: 'none' })],
  ])('refuses a token %s', async (_, faults) => {
    google.faults = faults();
    const from = provider();
    await expect(from.identify(await aCode(from))).resolves.toBeUndefined();
    expect(refusals).toHaveLength(1);
  });

  it('refuses a code that was used, or that came with another verifier or page', async () => {
    const from = provider();
    const used = await aCode(from);
    await from.identify(used);
    await expect(from.identify(used)).resolves.toBeUndefined();
    const other = randomBytes(32).toString('base64url');
    await expect(from.identify({ ...(await aCode(from)), codeVerifier: other })).resolves.toBeUndefined();
    const elsewhere = { ...(await aCode(from)), redirectUri: 'https://evil.example/' };
    await expect(from.identify(elsewhere)).resolves.toBeUndefined();
  });

  it('asks for the keys once, and again when Google signs with a new one', async () => {
    // One start for both clocks: jose reads Date itself, and a millisecond between them is inside its cooldown.
    vi.useFakeTimers({ toFake: ['Date'], now: clock.date() });
    const from = provider();
    await from.identify(await aCode(from));
    const asked = google.stats.keyRequests;
    await from.identify(await aCode(from));
    expect(google.stats.keyRequests).toBe(asked);
    google.rotateKeys();
    // Strangers' tokens must not make us ask for ever: a key we do not know is asked for once a minute.
    await expect(from.identify(await aCode(from))).resolves.toBeUndefined();
    expect(google.stats.keyRequests).toBe(asked);
    clock.advance(60_000);
    vi.setSystemTime(clock.date());
    await expect(from.identify(await aCode(from))).resolves.toMatchObject({ email: 'robin@example.com' });
    expect(google.stats.keyRequests).toBe(asked + 1);
  });

  it('fails as a vendor when Google does not answer, and keeps the secret to itself', async () => {
    const from = provider();
    const answer = await aCode(from);
    google.faults = { tokenStatus: 500 };
    const failure = await from.identify(answer).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(VendorError);
    expect(failure).toMatchObject({ vendor: 'google', code: '500', isRetryable: true });
    const wrong = provider({ clientSecret: 'a wrong secret' });
    google.faults = {};
    const refused = await wrong.identify(await aCode(wrong)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: '401', isRetryable: false });
    expect(String(refused)).not.toContain('a wrong secret');
    const nowhere = provider({ baseUrl: 'http://127.0.0.1:9' });
    await expect(aCode(nowhere)).rejects.toMatchObject({ code: 'network', isRetryable: true });
  });

  it.each([
    [503, {}, { code: '503', isRetryable: true }],
    [200, 'no keys', { code: 'invalid-answer', isRetryable: false }],
    [200, { keys: 1 }, { code: 'invalid-answer', isRetryable: false }],
  ])('fails as a vendor when the keys come with %i %j', async (status, body, expected) => {
    google.faults = { keys: { status, body } };
    const from = provider();
    await expect(from.identify(await aCode(from))).rejects.toMatchObject({ vendor: 'google', ...expected });
    expect(refusals).toEqual([]);
  });

  it('takes no discovery document that names another issuer', async () => {
    const from = provider({ baseUrl: google.url.replace('127.0.0.1', 'localhost') });
    await expect(aCode(from)).rejects.toMatchObject({ code: 'invalid-answer' });
  });
});
