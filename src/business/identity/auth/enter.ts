import type { Passwords } from '../../../platform/crypto/password.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { Unauthorized } from '../../../platform/process/errors.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import { ACCESS_TOKEN_SECONDS, type SessionTokens } from '../../tenancy/access/access.ts';
import type { MemberActor } from '../../tenancy/actor/actor.ts';
import type { SystemTx, Tenancy } from '../../tenancy/tenancy.ts';
import { chooseMembership, listMemberships, type Membership } from '../members/members.ts';
import { findById, type Person } from '../people/people.ts';
import {
  type Client,
  endOwnSession,
  leaveSession,
  type SessionOwner,
  startSession,
  type StartedSession,
} from '../sessions/sessions.ts';
import type { Deliveries } from './deliveries.ts';
import type { OneTimeCodes } from './one-time-codes.ts';

/** Dependencies of signing in. */
export interface AuthDependencies {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  readonly tokens: SessionTokens;
  readonly passwords: Passwords;
  readonly codes: OneTimeCodes;
  readonly deliveries: Deliveries;
  readonly publicUrl: string;
}

/** A new pair of access and refresh token. */
export interface SessionPair extends StartedSession {
  readonly accessToken: string;
  readonly accessTokenSeconds: number;
}

/** Somebody who has signed in. */
export interface SignedIn extends SessionPair {
  readonly person: Person;
  readonly membership: Membership;
  /** All businesses of the person, so that the client can offer to switch. */
  readonly memberships: readonly Membership[];
}

/** Starts a session for an authenticated person, in the requested business. */
export async function enter(
  { tokens, clock }: Pick<AuthDependencies, 'tokens' | 'clock'>,
  tx: SystemTx,
  person: Person,
  { tenantId, client }: { readonly tenantId?: TenantId | undefined; readonly client: Client },
): Promise<SignedIn> {
  const memberships = await listMemberships(tx, person.id);
  const membership = chooseMembership(memberships, tenantId);
  const owner = { tenantId: membership.tenantId, memberId: membership.memberId, personId: person.id };
  const session = await startSession(tx, owner, client, clock.date());
  const pair = await withAccessToken(tokens, owner, membership.role, session);
  return { ...pair, person, membership, memberships };
}

/** Ends the session, and starts one in another business of the same person. */
export function switchTenant(
  dependencies: AuthDependencies,
  actor: MemberActor,
  { tenantId, client }: { readonly tenantId: TenantId; readonly client: Client },
): Promise<SignedIn> {
  return dependencies.tenancy.system(async (tx) => {
    const person = await findById(tx, actor.personId);
    if (person === undefined || person.disabledAt !== null) throw accountClosed();
    const signedIn = await enter(dependencies, tx, person, { tenantId, client });
    await leaveSession(tx, actor, dependencies.clock.date());
    return signedIn;
  });
}

export function signOut({ tenancy, clock }: AuthDependencies, actor: MemberActor): Promise<void> {
  const ending = { sessionId: actor.sessionId, reason: 'signed-out' } as const;
  return tenancy.system((tx) => endOwnSession(tx, actor, ending, clock.date()));
}

export async function withAccessToken(
  tokens: SessionTokens,
  { tenantId, memberId, personId }: SessionOwner,
  role: string,
  session: StartedSession,
): Promise<SessionPair> {
  const { sessionId } = session;
  const accessToken = await tokens.issue({ kind: 'member', tenantId, memberId, personId, sessionId, role });
  return { ...session, accessToken, accessTokenSeconds: ACCESS_TOKEN_SECONDS };
}

export function accountClosed(): Unauthorized {
  return new Unauthorized('This account is closed.', { code: 'account-closed' });
}
