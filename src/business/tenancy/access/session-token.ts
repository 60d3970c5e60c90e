import { hkdfSync } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { LRUCache } from 'lru-cache';
import * as z from 'zod';
import type { Clock } from '../../../platform/process/clock.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { MemberId, PersonId, SessionId, StaffId } from '../ids/ids.ts';

/** Lifetime of an access token; a refresh token gets the next one. */
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
    /** The tenant that a member of staff impersonates; absent otherwise. */
    tenantId: id<TenantId>().optional(),
  }),
]);

/** The claims of a token. Permissions are looked up and not part of it. */
export type SessionClaims = z.infer<typeof claimsSchema>;

interface Verified {
  readonly claims: SessionClaims;
  readonly expiresAtMs: number;
}

const maxVerified = 20_000;

const algorithm = 'HS256';

/** Access tokens: JWTs signed with HS256; no other algorithm is accepted. */
export class SessionTokens {
  readonly #key: Uint8Array;
  readonly #clock: Clock;
  // Caches verified tokens, because jose needs some 50 µs, and a client sends its token with every request.
  readonly #verified = new LRUCache<string, Verified>({ max: maxVerified });

  constructor({ tokenSecret, clock }: { readonly tokenSecret: string; readonly clock: Clock }) {
    // A key derived for sessions, because the secret also signs stream tokens, and neither may be accepted as the
    // other.
    this.#key = new Uint8Array(hkdfSync('sha256', tokenSecret, '', 'parley session token', 32));
    this.#clock = clock;
  }

  issue(claims: SessionClaims, lifetimeSeconds = ACCESS_TOKEN_SECONDS): Promise<string> {
    const nowSeconds = Math.floor(this.#clock.date().getTime() / 1000);
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + lifetimeSeconds)
      .sign(this.#key);
  }

  /** Undefined if the token has an invalid signature or has expired. */
  async verify(token: string): Promise<SessionClaims | undefined> {
    const verified = this.#verified.get(token) ?? (await this.#check(token));
    if (verified === undefined) return undefined;
    return this.#clock.date().getTime() < verified.expiresAtMs ? verified.claims : undefined;
  }

  async #check(token: string): Promise<Verified | undefined> {
    if (!hasOneSpelling(token)) return undefined;
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        algorithms: [algorithm],
        typ: 'JWT',
        requiredClaims: ['iat', 'exp'],
        currentDate: this.#clock.date(),
      });
      const claims = claimsSchema.safeParse(payload).data;
      if (claims === undefined) return undefined;
      const verified = { claims, expiresAtMs: payload.exp! * 1000 };
      this.#verified.set(token, verified);
      return verified;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

/** Base64 ignores the last bits of the last character, so several texts would be the same signature. */
function hasOneSpelling(token: string): boolean {
  const signature = token.slice(token.lastIndexOf('.') + 1);
  return Buffer.from(signature, 'base64url').toString('base64url') === signature;
}
