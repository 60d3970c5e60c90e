import { randomInt, randomUUID } from 'node:crypto';
import type { LightMyRequestResponse } from 'fastify';
import type { RestApp } from '../../../support/rest-app.ts';
import { until } from '../../../support/until.ts';

export const password = 'a bicycle in the rain';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

export interface SignedUp extends Tokens {
  readonly email: string;
  readonly person: { readonly id: string };
  readonly membership: { readonly tenant: { readonly id: string }; readonly memberId: string };
}

let requests = 0;

/** Every request comes from an address of its own, unless the test is about addresses. */
export function post(
  app: RestApp,
  url: string,
  body: object,
  options: { readonly token?: string; readonly address?: string; readonly userAgent?: string } = {},
): Promise<LightMyRequestResponse> {
  requests += 1;
  const {
    token,
    address = `198.18.${Math.floor(requests / 250)}.${(requests % 250) + 1}`,
    userAgent,
  } = options;
  return app.inject({
    method: 'POST',
    url,
    payload: body,
    remoteAddress: address,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(userAgent === undefined ? {} : { 'user-agent': userAgent }),
    },
  });
}

export async function get(app: RestApp, url: string, token: string): Promise<LightMyRequestResponse> {
  return app.inject({ url, headers: { authorization: `Bearer ${token}` } });
}

export function anEmail(): string {
  return `${randomUUID()}@example.com`;
}

/** Nobody else's. */
export function aNumber(): string {
  return `+1415${randomInt(2_000_000, 9_999_999)}`;
}

export async function signUp(app: RestApp, overrides: object = {}): Promise<SignedUp> {
  const email = anEmail();
  const response = await post(app, '/v1/auth/sign-up', { email, password, name: 'Robin', ...overrides });
  if (response.statusCode !== 201) throw new Error(response.body);
  return { email, ...response.json<Omit<SignedUp, 'email'>>() };
}

/** The newest message to this address; it may still be on its way. */
export async function messageTo(app: RestApp, to: string) {
  const found = () => app.sent.findLast((message) => message.to === to);
  await until(() => found() !== undefined);
  return found()!;
}

export async function codeTo(app: RestApp, phone: string): Promise<string> {
  return (await messageTo(app, phone)).variables['code']!;
}

/** Another than this, and a code all the same. */
export function wrong(code: string): string {
  return ((Number(code) + 1) % 1_000_000).toString().padStart(6, '0');
}
