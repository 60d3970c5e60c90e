import type { Role } from '../../tenancy/actor/actor.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';
import { addRefreshToken, removeExpiredTokens, takeRefreshToken } from './refresh-tokens.ts';
import { type Client, idleMs, type SessionOwner, type StartedSession } from './session-service.ts';

export type Refreshed =
  | ({ readonly status: 'refreshed'; readonly role: Role } & SessionOwner & StartedSession)
  /** The token is unknown or expired, or its session has ended. */
  | { readonly status: 'unknown' }
  /** The token was used before, which has ended its session. */
  | { readonly status: 'reused' };

/** Returns the role of an owner who still has access. */
type Admission = (owner: SessionOwner) => Promise<Role | undefined>;

/** Maximum lifetime of a session, used or not. */
const longestMs = 90 * 24 * 3_600_000;

/**
 * Rotates a refresh token. `admit` returns the role of an owner who still has access; if it throws, the token is not
 * used up.
 */
export async function refreshSession(
  tx: SystemTx,
  refreshToken: string,
  { client, admit }: { readonly client: Client; readonly admit: Admission },
  now: Date,
): Promise<Refreshed> {
  const use = await takeRefreshToken(tx, refreshToken, now);
  if (use.status !== 'used') return use;
  const { tenantId, sessionId } = use;
  const session = await tx
    .selectFrom('session')
    .select(['memberId', 'personId', 'createdAt'])
    .where('tenantId', '=', tenantId)
    .where('id', '=', sessionId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .executeTakeFirst();
  if (session === undefined) return { status: 'unknown' };
  const { createdAt, ...member } = session;
  const owner = { tenantId, ...member };
  const role = await admit(owner);
  if (role === undefined) return { status: 'unknown' };
  const expiresAt = new Date(Math.min(now.getTime() + idleMs, createdAt.getTime() + longestMs));
  await tx
    .updateTable('session')
    .set({ lastSeenAt: now, expiresAt, address: client.address })
    .where('tenantId', '=', tenantId)
    .where('id', '=', sessionId)
    .execute();
  await removeExpiredTokens(tx, use, now);
  const next = await addRefreshToken(tx, use, now, expiresAt);
  return { status: 'refreshed', role, ...owner, sessionId, expiresAt, refreshToken: next };
}
