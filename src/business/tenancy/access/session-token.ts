import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../../platform/process/clock.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { MemberId, PersonId, SessionId, StaffId } from '../references/ids.ts';

/** How long an access token is good for; the refresh token gets the next one. */
export const ACCESS_TOKEN_SECONDS = 15 * 60;

const id = <Id extends string>() => z.custom<Id>((value) => typeof value === 'string' && value.length <= 100);

const claimsSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('member'),
    tenantId: id<TenantId>(),
    memberId: id<MemberId>(),
    personId: id<PersonId>(),
    sessionId: id<SessionId>(),
    role: z.string(),
  }),
  z.object({
    kind: z.literal('staff'),
    staffId: id<StaffId>(),
    sessionId: z.string(),
    /** Whom the member of staff acts for; absent outside an impersonation. */
    tenantId: id<TenantId>().optional(),
  }),
]);

const timesSchema = z.object({ iat: z.number(), exp: z.number() });

/** What a token says of its bearer. What he may do is looked up, not read here. */
export type SessionClaims = z.infer<typeof claimsSchema>;

/** Access tokens: JWTs signed with HS256, and no other algorithm accepted. */
export class SessionTokens {
  readonly #key: Buffer;
  readonly #clock: Clock;

  constructor({ tokenSecret, clock }: { readonly tokenSecret: string; readonly clock: Clock }) {
    // The secret also signs stream tokens; a key of its own keeps either from passing for the other.
    this.#key = Buffer.from(hkdfSync('sha256', tokenSecret, '', 'parley session token', 32));
    this.#clock = clock;
  }

  issue(claims: SessionClaims, lifetimeSeconds = ACCESS_TOKEN_SECONDS): string {
    const nowSeconds = Math.floor(this.#clock.date().getTime() / 1000);
    const body = encode({ ...claims, iat: nowSeconds, exp: nowSeconds + lifetimeSeconds });
    return `${header}.${body}.${this.#sign(body)}`;
  }

  /** Undefined when it is not ours, was changed, or is over. */
  verify(token: string): SessionClaims | undefined {
    const [head, body, signature, ...rest] = token.split('.');
    // The header is compared as text: what algorithm to use is not the bearer's to say.
    if (head !== header || body === undefined || signature === undefined || rest.length > 0) return undefined;
    if (!isEqual(signature, this.#sign(body))) return undefined;
    const content = decode(body);
    const times = timesSchema.safeParse(content);
    if (!times.success || times.data.exp * 1000 <= this.#clock.date().getTime()) return undefined;
    return claimsSchema.safeParse(content).data;
  }

  #sign(body: string): string {
    return createHmac('sha256', this.#key).update(`${header}.${body}`).digest('base64url');
  }
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

const header = encode({ alg: 'HS256', typ: 'JWT' });

function decode(body: string): unknown {
  try {
    return JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
