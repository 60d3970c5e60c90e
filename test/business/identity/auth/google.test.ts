import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAcrossTenants } from '../../../../src/platform/data/tx.ts';
import { startGoogle } from '../../../../simulator/google/google.ts';
import { createGoogleIdentityProvider } from '../../../../src/vendors/google/open-id.ts';
import { buildRestApp, type RestApp } from '../../../support/rest-app.ts';
import { systemClock } from '../../../../src/platform/process/clock.ts';
import { anEmail, get, password, post, signUp, type Tokens } from './a-person.ts';

const redirectUri = 'http://localhost:3000/signed-in';

/** A browser that follows the link to Google and says there who it is; what comes back in the address. */
async function chooseAccount(authorizationUrl: string, email: string): Promise<URLSearchParams> {
  const url = new URL(authorizationUrl);
  url.searchParams.set('as', email);
  const response = await fetch(url, { redirect: 'manual' });
  return new URL(response.headers.get('location')!).searchParams;
}

let google: Awaited<ReturnType<typeof startGoogle>>;
let app: RestApp;

beforeAll(async () => {
  google = await startGoogle({ client: { id: 'parley', secret: 'its secret' } });
  app = await buildRestApp({
    identityProvider: createGoogleIdentityProvider({
      clientId: 'parley',
      clientSecret: 'its secret',
      baseUrl: google.url,
      clock: systemClock,
      logger: { warn: () => undefined },
    }),
  });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await google.close();
});

interface Started {
  readonly authorizationUrl: string;
  readonly state: string;
  readonly signInToken: string;
}

async function start(): Promise<Started> {
  const response = await post(app, '/v1/auth/google/start', { redirectUri });
  expect(response.statusCode).toBe(200);
  return response.json<Started>();
}

async function comeBack(started: Started, email: string, extra: object = {}) {
  const query = await chooseAccount(started.authorizationUrl, email);
  const { signInToken } = started;
  const answer = { signInToken, state: query.get('state'), code: query.get('code'), ...extra };
  return post(app, '/v1/auth/google/finish', answer);
}

describe('signing in with Google', () => {
  it('asks for what is needed, with a state, a nonce and a challenge of its own each time', async () => {
    const [first, second] = [await start(), await start()];
    const query = new URL(first.authorizationUrl).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      client_id: 'parley',
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'openid email profile',
      state: first.state,
      code_challenge_method: 'S256',
    });
    const other = new URL(second.authorizationUrl).searchParams;
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(query.get(name)).toMatch(/^[\w-]{43}$/);
      expect(query.get(name)).not.toBe(other.get(name));
    }
  });

  it('makes a person and a business for whoever is new, and knows him again', async () => {
    const email = anEmail();
    const created = await comeBack(await start(), email, { businessName: 'Kiosk' });
    expect(created.statusCode).toBe(201);
    expect(created.json()).toMatchObject({
      person: { email, hasPassword: false },
      membership: { tenant: { name: 'Kiosk' }, role: 'owner' },
    });
    const again = await comeBack(await start(), email);
    expect(again.statusCode).toBe(200);
    expect(again.json<{ person: object }>().person).toEqual(created.json<{ person: object }>().person);
    const { accessToken } = again.json<Tokens>();
    expect((await get(app, '/v1/auth/me', accessToken)).statusCode).toBe(200);
  });

  it('does not share an account with whoever signed up under an address without showing that it is his', async () => {
    const { email, person } = await signUp(app);
    expect((await comeBack(await start(), email)).statusCode).toBe(409);
    await runAcrossTenants(app.db, (system) =>
      system
        .updateTable('person')
        .set({ emailVerifiedAt: new Date() })
        .where('id', '=', person.id as never)
        .execute(),
    );
    const linked = await comeBack(await start(), email);
    expect(linked.statusCode).toBe(200);
    expect(linked.json()).toMatchObject({ person: { id: person.id } });
    // The password stays a way in.
    expect((await post(app, '/v1/auth/sign-in', { email, password })).statusCode).toBe(200);
  });

  it('is finished once, by the browser that began it, with the state it was given', async () => {
    const email = anEmail();
    const [ours, theirs] = [await start(), await start()];
    const stolen = { ...theirs, authorizationUrl: ours.authorizationUrl };
    expect((await comeBack(stolen, email)).statusCode).toBe(401);
    expect((await comeBack(ours, email, { state: 'another' })).statusCode).toBe(401);
    const whole = await start();
    expect((await comeBack(whole, email)).statusCode).toBe(201);
    expect((await comeBack(whole, email)).statusCode).toBe(401);
  });

  it('is over after ten minutes', async () => {
    const started = await start();
    app.clock.advance(10 * 60_000);
    expect((await comeBack(started, anEmail())).statusCode).toBe(401);
  });

  it('sends nobody back to a page of an origin that is not ours', async () => {
    for (const foreign of [
      'https://evil.example/',
      'http://localhost:3000.evil.example/',
      'http://localhost:3001/',
    ]) {
      const response = await post(app, '/v1/auth/google/start', { redirectUri: foreign });
      expect(response.statusCode).toBe(400);
    }
  });

  it('is refused when Google’s token does not hold', async () => {
    google.faults = { claims: { aud: 'somebody else', azp: 'somebody else' } };
    expect((await comeBack(await start(), anEmail())).statusCode).toBe(401);
    google.faults = {};
  });

  it('says that Google cannot be reached when it cannot', async () => {
    google.faults = { tokenStatus: 503 };
    const response = await comeBack(await start(), anEmail());
    expect(response.statusCode).toBe(502);
    expect(response.json()).toMatchObject({ code: 'vendor-failed' });
    google.faults = {};
  });

  it('is not there where it is not set up', async () => {
    await using without = await buildRestApp();
    const response = await without.inject({ method: 'POST', url: '/v1/auth/google/start', payload: {} });
    expect(response.statusCode).toBe(404);
  });
});
