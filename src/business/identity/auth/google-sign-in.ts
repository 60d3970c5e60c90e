import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { Conflict, InvalidInput, Unauthorized } from '../../../platform/process/errors.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';
import {
  findByEmail,
  findByGoogleSubject,
  linkGoogle,
  normalEmail,
  type PersonRecord,
} from '../people/people.ts';
import type { Client } from '../sessions/sessions.ts';
import { accountClosed, type AuthDependencies, enter, type SignedIn } from './enter.ts';
import type { IdentityProvider, ProvidedIdentity } from './identity-provider.ts';
import { type NewBusiness, signUp } from './sign-up.ts';

const lifetimeMs = 10 * 60_000;

export interface GoogleOffer {
  readonly google: IdentityProvider;
  /** Origins to which Google may redirect. */
  readonly redirectOrigins: readonly string[];
}

export interface GoogleDependencies extends AuthDependencies, GoogleOffer {}

export interface StartedGoogleSignIn {
  readonly authorizationUrl: string;
  readonly state: string;
  /** Kept by the browser that started, so that the answer to another browser's sign-in is refused (login CSRF). */
  readonly signInToken: string;
}

export async function startGoogleSignIn(
  { tenancy, clock, google, redirectOrigins }: GoogleDependencies,
  redirectUri: string,
): Promise<StartedGoogleSignIn> {
  if (!redirectOrigins.includes(new URL(redirectUri).origin)) {
    throw new InvalidInput(
      'People are not sent back to pages of this origin.',
      [{ pointer: '/redirectUri', detail: 'must be under PUBLIC_URL or one of CORS_ORIGINS' }],
      { code: 'redirect-not-allowed' },
    );
  }
  const [state, nonce, codeVerifier, signInToken] = [secret(), secret(), secret(), secret()];
  const codeChallenge = hash('sha256', codeVerifier, 'base64url');
  const authorizationUrl = await google.authorizationUrl({ state, nonce, codeChallenge, redirectUri });
  const now = clock.date();
  await tenancy.system(async (tx) => {
    await removeOldSignIns(tx, now);
    await tx
      .insertInto('googleSignIn')
      .values({
        tokenSha256: hash('sha256', signInToken),
        state,
        nonce,
        codeVerifierEncrypted: tx.cipher.encrypt(codeVerifier),
        redirectUri,
        createdAt: now,
        expiresAt: new Date(now.getTime() + lifetimeMs),
      })
      .execute();
  });
  return { authorizationUrl, state, signInToken };
}

export interface GoogleAnswer extends NewBusiness {
  readonly signInToken: string;
  readonly state: string;
  readonly code: string;
  readonly tenantId?: TenantId | undefined;
}

/** Signs in an identity confirmed by Google; creates an account and a business if there is none. */
export async function finishGoogleSignIn(
  dependencies: GoogleDependencies,
  answer: GoogleAnswer,
  client: Client,
): Promise<SignedIn & { readonly isNew: boolean }> {
  const { tenancy, clock, google } = dependencies;
  const begun = await takeBegun(tenancy, answer.signInToken);
  if (begun === undefined || begun.expiresAt <= clock.date() || !isEqual(begun.state, answer.state)) {
    throw new Unauthorized('This sign-in was not begun here, or too long ago; begin again.', {
      code: 'google-not-confirmed',
    });
  }
  const identity = await google.identify({
    code: answer.code,
    codeVerifier: begun.codeVerifier,
    nonce: begun.nonce,
    redirectUri: begun.redirectUri,
  });
  if (identity === undefined) {
    throw new Unauthorized('Google does not confirm this sign-in; begin again.', {
      code: 'google-not-confirmed',
    });
  }
  return tenancy.system(async (tx) => {
    const person = await personOf(tx, identity, clock.date());
    if (person !== undefined) {
      if (person.disabledAt !== null) throw accountClosed();
      const signedIn = await enter(dependencies, tx, person, { tenantId: answer.tenantId, client });
      return { ...signedIn, isNew: false };
    }
    const { name, subject: googleSubject, isEmailVerified: isVerified } = identity;
    const email = { address: normalEmail(identity.email), isVerified };
    const signedUp = { person: { name, email, googleSubject }, business: answer, client };
    return { ...(await signUp(dependencies, tx, signedUp)), isNew: true };
  });
}

/**
 * Finds the person by the subject at Google, else by an address that is verified at Google and here. Otherwise somebody
 * who signed up with another person's address would share the account with its holder.
 */
async function personOf(
  tx: SystemTx,
  identity: ProvidedIdentity,
  now: Date,
): Promise<PersonRecord | undefined> {
  const linked = await findByGoogleSubject(tx, identity.subject);
  if (linked !== undefined) return linked;
  const person = await findByEmail(tx, normalEmail(identity.email));
  if (person === undefined) return undefined;
  if (!identity.isEmailVerified || !person.isEmailVerified || person.googleSubject !== null) {
    throw new Conflict(
      'There is an account with this address already. Reset its password once, which shows that the address is yours; then signing in with Google works too.',
      { code: 'account-not-linked' },
    );
  }
  await linkGoogle(tx, person.id, identity.subject, now);
  return person;
}

/** Deletes the sign-in with the first answer, even a wrong one, so that it cannot be replayed. */
function takeBegun(tenancy: Tenancy, signInToken: string) {
  return tenancy.system(async (tx) => {
    const row = await tx
      .deleteFrom('googleSignIn')
      .where('tokenSha256', '=', hash('sha256', signInToken))
      .returning(['state', 'nonce', 'codeVerifierEncrypted', 'redirectUri', 'expiresAt'])
      .executeTakeFirst();
    return row && { ...row, codeVerifier: tx.cipher.decrypt(row.codeVerifierEncrypted) };
  });
}

async function removeOldSignIns(tx: SystemTx, now: Date): Promise<void> {
  await sql`delete from google_sign_in where token_sha256 in (
    select token_sha256 from google_sign_in
    where created_at < ${new Date(now.getTime() - lifetimeMs)} limit 5 for update skip locked
  )`.execute(tx);
}

/** 256 bits, encoded in the 43 characters that a PKCE verifier needs at least. */
function secret(): string {
  return randomBytes(32).toString('base64url');
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
