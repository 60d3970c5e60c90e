import { Unauthorized } from '../../../platform/process/errors.ts';
import type { Role } from '../../tenancy/actor/actor.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';
import { isSuspended, tenantSuspended } from '../../tenancy/tenants/tenants.ts';
import { findActiveRole } from '../members/members.ts';
import { findById } from '../people/people.ts';
import { type Client, refreshSession, type SessionOwner } from '../sessions/sessions.ts';
import { type AuthDependencies, type SessionPair, withAccessToken } from './enter.ts';

/** The next pair of tokens for a refresh token. */
export async function refresh(
  { tenancy, tokens, clock }: AuthDependencies,
  refreshToken: string,
  client: Client,
): Promise<SessionPair> {
  const refreshed = await tenancy.system((tx) =>
    refreshSession(tx, refreshToken, { client, admit: (owner) => admit(tx, owner) }, clock.date()),
  );
  switch (refreshed.status) {
    case 'refreshed': {
      const { sessionId, expiresAt, refreshToken: next } = refreshed;
      const session = { sessionId, expiresAt, refreshToken: next };
      return withAccessToken(tokens, refreshed, refreshed.role, session);
    }
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

/** The role of an active member; throws if the business is suspended. */
async function admit(tx: SystemTx, owner: SessionOwner): Promise<Role | undefined> {
  const role = await findActiveRole(tx, owner);
  if (role === undefined) return undefined;
  const person = await findById(tx, owner.personId);
  if (person === undefined || person.disabledAt !== null) return undefined;
  // Thrown, so that the token is not used up and works again after the suspension.
  if (await isSuspended(tx, owner.tenantId)) throw tenantSuspended();
  return role;
}
