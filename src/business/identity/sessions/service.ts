import { hash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { type Db, withSystem } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { tenantSuspended } from '../../tenancy/tenants/tenants.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { MemberId, PersonId, SessionId } from '../../tenancy/references/ids.ts';
import { type MemberActor, systemActor } from '../../tenancy/access/actor.ts';
import type { Role } from '../../tenancy/access/permissions.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import * as queries from './queries.ts';

/** Where a request comes from. */
export interface Client {
  /** As its user agent calls itself. */
  readonly device: string;
  readonly address: string;
}

export interface StartedSession {
  readonly sessionId: SessionId;
  /** In this answer and nowhere else: only its hash is stored. */
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

export interface SessionOwner {
  readonly tenantId: TenantId;
  readonly memberId: MemberId;
  readonly personId: PersonId;
}

export type Refreshed =
  | ({ readonly status: 'refreshed'; readonly role: Role } & SessionOwner & StartedSession)
  /** Never a token of ours, expired, or of a session that is over. */
  | { readonly status: 'unknown' }
  /** Used before: somebody has a copy. The session is over for both. */
  | { readonly status: 'reused' };

const dayMs = 24 * 3_600_000;
/** Without a sign of life for so long, a session is over; and after so long in any case. */
const idleMs = 30 * dayMs;
const longestMs = 90 * dayMs;
/** Sessions that are over stay this long, for whoever asks what happened. */
const keptAfterEndMs = 90 * dayMs;

/** Within work across tenants. */
export async function startSession(
  system: Db,
  owner: SessionOwner,
  client: Client,
  now: Date,
): Promise<StartedSession> {
  await queries.dropOldSessions(system, owner.personId, new Date(now.getTime() - keptAfterEndMs));
  const sessionId = newId('ses');
  const expiresAt = new Date(now.getTime() + idleMs);
  await queries.insertSession(system, {
    ...owner,
    id: sessionId,
    device: client.device.slice(0, 300),
    address: client.address,
    createdAt: now,
    lastSeenAt: now,
    expiresAt,
    endedAt: null,
    endedReason: null,
  });
  return {
    sessionId,
    expiresAt,
    refreshToken: await addToken(system, owner.tenantId, sessionId, now, expiresAt),
  };
}

/** The next token for this one, which is good no more. */
export function refreshSession(db: Db, refreshToken: string, client: Client, now: Date): Promise<Refreshed> {
  const tokenSha256 = hash('sha256', refreshToken);
  return withSystem(db, async (system) => {
    const used = await queries.useToken(system, tokenSha256, now);
    if (used === undefined) return endStolenFamily(system, tokenSha256, now);
    const { tenantId, sessionId } = used;
    const session = await queries.findLiveSession(system, tenantId, sessionId, now);
    if (session === undefined) return { status: 'unknown' };
    // Thrown, so that the token is not spent: it is good again when the business is.
    if (session.suspendedAt !== null) throw tenantSuspended();
    const latestMs = session.createdAt.getTime() + longestMs;
    const expiresAt = new Date(Math.min(now.getTime() + idleMs, latestMs));
    await queries.touchSession(system, tenantId, sessionId, {
      lastSeenAt: now,
      expiresAt,
      address: client.address,
    });
    await queries.dropExpiredTokens(system, tenantId, sessionId, now);
    const { memberId, personId, role } = session;
    const next = await addToken(system, tenantId, sessionId, now, expiresAt);
    return {
      status: 'refreshed',
      tenantId,
      memberId,
      personId,
      role,
      sessionId,
      expiresAt,
      refreshToken: next,
    };
  });
}

async function endStolenFamily(system: Db, tokenSha256: string, now: Date): Promise<Refreshed> {
  const family = await queries.findUsedToken(system, tokenSha256);
  if (family === undefined) return { status: 'unknown' };
  const ended = { endedAt: now, endedReason: 'refresh-token-reused' };
  const session = await queries.endFamily(system, family, ended);
  if (session !== undefined) {
    await recordChange(system, systemActor(family.tenantId, 'refresh'), {
      action: 'session.ended',
      resource: 'session',
      resourceId: session.id,
      after: { reason: ended.endedReason, device: session.device },
    });
  }
  return { status: 'reused' };
}

async function addToken(
  system: Db,
  tenantId: TenantId,
  sessionId: SessionId,
  now: Date,
  expiresAt: Date,
): Promise<string> {
  const token = `prt_${randomBytes(32).toString('base64url')}`;
  await queries.insertToken(system, {
    tenantId,
    sessionId,
    tokenSha256: hash('sha256', token),
    createdAt: now,
    expiresAt,
    usedAt: null,
  });
  return token;
}

/** One of the actor's own sessions, whichever business it is in. */
export async function endOwnSession(
  db: Db,
  actor: MemberActor,
  sessionId: SessionId,
  reason: 'ended' | 'signed-out',
  now: Date,
): Promise<void> {
  await withSystem(db, async (system) => {
    const key = { personId: actor.personId, sessionId };
    const session = await queries.endSession(system, key, { endedAt: now, endedReason: reason });
    if (session === undefined) throw new NotFound('There is no such session.');
    await recordChange(system, actor, {
      action: 'session.ended',
      resource: 'session',
      resourceId: sessionId,
      after: { reason, device: session.device },
    });
  });
}

/** Every session of the actor but the one that asks; how many those were. */
export async function endOtherSessions(db: Db, actor: MemberActor, now: Date): Promise<number> {
  return withSystem(db, async (system) => {
    const { personId, sessionId } = actor;
    const count = await endSessionsOfPerson(system, { personId, exceptSessionId: sessionId }, 'ended', now);
    if (count > 0) {
      await recordChange(system, actor, {
        action: 'session.others-ended',
        resource: 'session',
        after: { count },
      });
    }
    return count;
  });
}

/** Within work across tenants: whoever knew the old password is out. */
export async function endSessionsOfPerson(
  system: Db,
  key: { readonly personId: PersonId; readonly exceptSessionId?: SessionId },
  reason: 'ended' | 'password-changed' | 'password-reset',
  now: Date,
): Promise<number> {
  return (await queries.endSessionsOfPerson(system, key, { endedAt: now, endedReason: reason })).length;
}

/** Within work across tenants: the person goes on elsewhere. */
export async function leaveSession(
  system: Db,
  key: { readonly personId: PersonId; readonly sessionId: SessionId },
  now: Date,
): Promise<void> {
  await queries.endSession(system, key, { endedAt: now, endedReason: 'switched-tenant' });
}

export async function isLiveSession(
  tx: Tx,
  { sessionId, memberId }: { readonly sessionId: SessionId; readonly memberId: MemberId },
): Promise<boolean> {
  const session = await tx
    .selectFrom('session')
    .select('id')
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', sessionId)
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return session !== undefined;
}

export interface LiveSession {
  readonly id: SessionId;
  readonly device: string;
  readonly address: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly tenantId: TenantId;
  readonly tenantName: string;
}

export function listSessions(
  db: Db,
  personId: PersonId,
  page: { readonly now: Date; readonly limit: number; readonly before: SessionId | undefined },
): Promise<readonly LiveSession[]> {
  return withSystem(db, (system) => queries.listLiveSessions(system, personId, page));
}
