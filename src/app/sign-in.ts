import { Deliveries, type GoogleOffer, OneTimeCodes } from '../business/identity/auth/auth.ts';
import type { Notifier } from '../business/identity/notices/notices.ts';
import { SessionTokens } from '../business/tenancy/access/access.ts';
import { Passwords } from '../platform/crypto/password.ts';
import type { Base } from './base.ts';
import { connectSenders } from './connect-senders.ts';
import type { Vendors } from './connect-vendors.ts';

/** Authentication of people, and the messages it sends. Disposing waits for messages being sent. */
export interface SignIn extends AsyncDisposable {
  readonly tokens: SessionTokens;
  /** Shared by the process, because it limits how many threads hash passwords at once. */
  readonly passwords: Passwords;
  readonly codes: OneTimeCodes;
  readonly notifier: Notifier;
  readonly deliveries: Deliveries;
  /** Undefined if sign-in with Google is not configured. */
  readonly google: GoogleOffer | undefined;
}

export function openSignIn(
  { config, clock, logger }: Pick<Base, 'config' | 'clock' | 'logger'>,
  { senders, identityProvider }: Pick<Vendors, 'senders' | 'identityProvider'>,
): SignIn {
  const { tokenSecret, publicUrl, corsOrigins } = config;
  const notifier = connectSenders(senders, config, logger);
  const deliveries = new Deliveries({ notifier, logger });
  const redirectOrigins = [new URL(publicUrl).origin, ...corsOrigins];
  return {
    tokens: new SessionTokens({ tokenSecret, clock }),
    passwords: new Passwords(),
    codes: new OneTimeCodes({ tokenSecret }),
    notifier,
    deliveries,
    google: identityProvider && { google: identityProvider, redirectOrigins },
    [Symbol.asyncDispose]: () => deliveries[Symbol.asyncDispose](),
  };
}
