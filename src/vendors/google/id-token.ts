import { errors, type JWTPayload, jwtVerify, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod';

const claimsSchema = z.object({
  aud: z.union([z.string(), z.array(z.string())]),
  azp: z.string().optional(),
  sub: z.string().min(1).max(255),
  nonce: z.string(),
  email: z.string().optional(),
  email_verified: z.union([z.boolean(), z.stringbool()]).optional(),
  name: z.string().optional(),
});

export type IdTokenClaims = z.infer<typeof claimsSchema>;

export interface ExpectedToken {
  readonly issuer: string;
  readonly clientId: string;
  readonly nonce: string;
  readonly now: Date;
}

/** Tolerated clock skew; Google's own libraries allow more. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** Google's tokens are valid for an hour, and are checked right after they were issued. */
const MAX_AGE_SECONDS = 2 * 3_600;

/** Returns the claims of a valid token; throws a `JOSEError` with the reason if it is not valid. */
export async function checkIdToken(
  token: string,
  findKey: JWTVerifyGetKey,
  { issuer, clientId, nonce, now }: ExpectedToken,
): Promise<IdTokenClaims> {
  const { payload } = await jwtVerify(token, findKey, {
    // The algorithm is fixed, because the `alg` of a token cannot be trusted.
    algorithms: ['RS256'],
    // Google's tokens have the issuer with or without the scheme.
    issuer: [issuer, issuer.replace(/^https:\/\//, '')],
    audience: clientId,
    requiredClaims: ['exp'],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    maxTokenAge: MAX_AGE_SECONDS,
    currentDate: now,
  });
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success) throw refused('Claims are missing', payload, 'claims');
  const { aud, azp, nonce: givenNonce } = claims.data;
  if (Array.isArray(aud) && aud.length > 1 && azp === undefined) {
    throw refused('It does not say for whom it was made', payload, 'azp');
  }
  if (azp !== undefined && azp !== clientId) throw refused('Somebody else asked for it', payload, 'azp');
  if (givenNonce !== nonce) throw refused('It belongs to another sign-in', payload, 'nonce');
  return claims.data;
}

function refused(why: string, payload: JWTPayload, claim: string): errors.JWTClaimValidationFailed {
  return new errors.JWTClaimValidationFailed(why, payload, claim, 'check_failed');
}
