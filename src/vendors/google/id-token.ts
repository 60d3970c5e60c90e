import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import * as z from 'zod';

const headerSchema = z.object({ alg: z.string(), kid: z.string() });

const claimsSchema = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  sub: z.string().min(1).max(255),
  exp: z.number(),
  iat: z.number(),
  nonce: z.string(),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.stringbool()]).optional(),
  name: z.string().optional(),
});

export type IdTokenClaims = z.infer<typeof claimsSchema>;

export interface ExpectedToken {
  readonly issuers: readonly string[];
  readonly clientId: string;
  readonly nonce: string;
  readonly nowMs: number;
  /** The provider's key of this id. */
  readonly keyFor: (kid: string) => Promise<JsonWebKey | undefined>;
}

/** Clocks of two companies; Google's own libraries allow more. */
const allowedSkewMs = 60_000;

/** The claims of a token that holds in every respect, else why it does not. */
export async function checkIdToken(
  token: string,
  expected: ExpectedToken,
): Promise<{ readonly claims: IdTokenClaims } | { readonly refused: string }> {
  const [head, body, signature, ...rest] = token.split('.');
  if (head === undefined || body === undefined || signature === undefined || rest.length > 0) {
    return { refused: 'it is not a signed token' };
  }
  const header = headerSchema.safeParse(decoded(head));
  // One algorithm, ours to name: what the token says of itself is not believed.
  if (header.data?.alg !== 'RS256') return { refused: 'it is not signed with RS256' };
  const jwk = await expected.keyFor(header.data.kid);
  if (jwk?.kty !== 'RSA') return { refused: 'its key is not one of the issuer’s' };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  if (!verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))) {
    return { refused: 'its signature is wrong' };
  }
  const claims = claimsSchema.safeParse(decoded(body));
  if (!claims.success) return { refused: 'claims are missing' };
  const refused = wrongClaim(claims.data, expected);
  return refused === undefined ? { claims: claims.data } : { refused };
}

function wrongClaim(claims: IdTokenClaims, expected: ExpectedToken): string | undefined {
  const audience = [claims.aud].flat();
  if (!expected.issuers.includes(claims.iss)) return 'its issuer is another';
  if (!audience.includes(expected.clientId)) return 'it was made for somebody else';
  if (audience.length > 1 && claims.azp === undefined) return 'it does not say for whom it was made';
  if (claims.azp !== undefined && claims.azp !== expected.clientId) return 'somebody else asked for it';
  if (claims.exp * 1000 <= expected.nowMs - allowedSkewMs) return 'it has expired';
  if (claims.iat * 1000 > expected.nowMs + allowedSkewMs) return 'it is from the future';
  return claims.nonce === expected.nonce ? undefined : 'it belongs to another sign-in';
}

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
