import type { AnyEndpoint } from '../../tenancy/access/access.ts';
import type { AuthDependencies } from './enter.ts';
import { googleEndpoints } from './google-endpoints.ts';
import type { GoogleOffer } from './google-sign-in.ts';
import { passwordEndpoints } from './password-endpoints.ts';
import { phoneEndpoints } from './phone-endpoints.ts';
import { signedInEndpoints } from './signed-in-endpoints.ts';

/* Authentication: the ways to sign up, sign in and sign out. */

export { addressLimits, clientOf } from './address-limits.ts';
export { clearAttempts, passwordAttempts, spendAttempt } from './attempts.ts';
export { Deliveries } from './deliveries.ts';
export type { GoogleOffer } from './google-sign-in.ts';
export type { AuthorizationAnswer, IdentityProvider, ProvidedIdentity } from './identity-provider.ts';
export { OneTimeCodes } from './one-time-codes.ts';
export { resetPage } from './reset-page.ts';

export interface AuthEndpointDependencies extends AuthDependencies {
  /** Undefined if sign-in with Google is not configured. */
  readonly google: GoogleOffer | undefined;
}

export function authEndpoints({ google, ...auth }: AuthEndpointDependencies): readonly AnyEndpoint[] {
  return [
    ...passwordEndpoints(auth),
    ...signedInEndpoints(auth),
    ...phoneEndpoints(auth),
    ...(google === undefined ? [] : googleEndpoints({ ...auth, ...google })),
  ];
}
