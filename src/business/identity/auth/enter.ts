import type { Clock } from '../../../platform/process/clock.ts';
import { type Db, withSystem } from '../../../platform/data/db.ts';
import { Unauthorized } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { Passwords } from '../../../platform/crypto/password.ts';
import { ACCESS_TOKEN_SECONDS, type SessionTokens } from '../../tenancy/access/session-token.ts';
import type { MemberActor } from '../../tenancy/access/actor.ts';
import {
  type Client,
  endOwnSession,
  leaveSession,
  refreshSession,
  type SessionOwner,
  startSession,
  type StartedSession,
} from '../sessions/service.ts';
import type { Deliveries } from './deliveries.ts';
import { chooseMembership, listMemberships, type Membership } from './memberships.ts';
import type { OneTimeCodes } from './one-time-codes.ts';
import { findById, type Person } from './people.ts';

/** What signing in is made of. */
export interface AuthDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly tokens: SessionTokens;
  readonly passwords: Passwords;
  readonly codes: OneTimeCodes;
  readonly deliveries: Deliveries;
  readonly publicUrl: string;
}

/** Somebody who is in. */
export interface SignedIn extends StartedSession {
  readonly accessToken: string;
  readonly accessTokenSeconds: number;
  readonly person: Person;
  readonly membership: Membership;
  /** All of them, so that the client can offer to switch. */
  readonly memberships: readonly Membership[];
}

/** Within work across tenants: who has shown who he is gets a session in the business he asks for. */
export async function enter(
  { tokens, clock }: Pick<AuthDependencies, 'tokens' | 'clock'>,
  system: Db,
  person: Person,
  { tenantId, client }: { readonly tenantId?: TenantId | undefined; readonly client: Client },
): Promise<SignedIn> {
  const memberships = await listMemberships(system, person.id);
  const membership = chooseMembership(memberships, tenantId);
  const owner = { tenantId: membership.tenantId, memberId: membership.memberId, personId: person.id };
  const session = await startSession(system, owner, client, clock.date());
  return {
    ...session,
    ...(await accessTokenFor(tokens, owner, membership.role, session)),
    person,
    membership,
    memberships,
  };
}

/** The next pair of tokens for a refresh token. */
export async function refresh(
  { db, tokens, clock }: AuthDependencies,
  refreshToken: string,
  client: Client,
): Promise<StartedSession & Pick<SignedIn, 'accessToken' | 'accessTokenSeconds'>> {
  const refreshed = await refreshSession(db, refreshToken, client, clock.date());
  switch (refreshed.status) {
    case 'refreshed':
      return { ...refreshed, ...(await accessTokenFor(tokens, refreshed, refreshed.role, refreshed)) };
    case 'unknown':
      throw new Unauthorized('This refresh token is not valid, or not any more; sign in again.', {
        code: 'refresh-token-not-valid',
      });
    case 'reused':
      throw new Unauthorized(
        'This refresh token was used before, so somebody may have a copy of it: the session has been ended. Sign in again.',
        { code: 'refresh-token-reused' },
      );
    default:
      return refreshed satisfies never;
  }
}

/** Goes on in another business of the same person; the session left behind is over. */
export function switchTenant(
  dependencies: AuthDependencies,
  actor: MemberActor,
  { tenantId, client }: { readonly tenantId: TenantId; readonly client: Client },
): Promise<SignedIn> {
  return withSystem(dependencies.db, async (system) => {
    const person = await findById(system, actor.personId);
    if (person === undefined || person.isDisabled) throw accountClosed();
    const signedIn = await enter(dependencies, system, person, { tenantId, client });
    await leaveSession(system, actor, dependencies.clock.date());
    return signedIn;
  });
}

export function signOut({ db, clock }: AuthDependencies, actor: MemberActor): Promise<void> {
  return endOwnSession(db, actor, actor.sessionId, 'signed-out', clock.date());
}

export function describeMember(
  { db }: Pick<AuthDependencies, 'db'>,
  actor: MemberActor,
): Promise<{ readonly person: Person; readonly memberships: readonly Membership[] }> {
  return withSystem(db, async (system) => {
    const person = await findById(system, actor.personId);
    if (person === undefined) throw accountClosed();
    return { person, memberships: await listMemberships(system, actor.personId) };
  });
}

async function accessTokenFor(
  tokens: SessionTokens,
  { tenantId, memberId, personId }: SessionOwner,
  role: string,
  { sessionId }: StartedSession,
) {
  const claims = { kind: 'member' as const, tenantId, memberId, personId, sessionId, role };
  return { accessToken: await tokens.issue(claims), accessTokenSeconds: ACCESS_TOKEN_SECONDS };
}

export function accountClosed(): Unauthorized {
  return new Unauthorized('This account is closed.', { code: 'account-closed' });
}
