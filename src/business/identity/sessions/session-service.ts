import { sql } from 'kysely';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import type { MemberActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { MemberId, PersonId, SessionId } from '../../tenancy/ids/ids.ts';
import type { SystemTx, Tx } from '../../tenancy/tenancy.ts';
import { findTenants } from '../../tenancy/tenants/tenants.ts';
import { describeDevice } from './device.ts';
import { addRefreshToken } from './refresh-tokens.ts';
import type { Session } from './session.ts';
import { sessionEvents } from './session-events.ts';

// Most queries are across tenants, because a person's sessions may be in several.

/** The client of a request. */
export interface Client {
  /** The user agent. */
  readonly device: string;
  readonly address: string;
}

export interface SessionOwner {
  readonly tenantId: TenantId;
  readonly memberId: MemberId;
  readonly personId: PersonId;
}

export interface StartedSession {
  readonly sessionId: SessionId;
  /** Available here only, because a hash is stored. */
  readonly refreshToken: string;
  readonly expiresAt: Date;
}

/** A session expires after this long without use. */
export const idleMs = 30 * 24 * 3_600_000;
/** How long expired sessions are stored, for investigations. */
const storedAfterEndMs = 90 * 24 * 3_600_000;

export async function startSession(
  tx: SystemTx,
  owner: SessionOwner,
  client: Client,
  now: Date,
): Promise<StartedSession> {
  await removeOldSessions(tx, owner.personId, new Date(now.getTime() - storedAfterEndMs));
  const sessionId = newId('ses');
  const expiresAt = new Date(now.getTime() + idleMs);
  await tx
    .insertInto('session')
    .values({
      ...owner,
      id: sessionId,
      device: client.device.slice(0, 300),
      address: client.address,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      endedAt: null,
      endedReason: null,
    })
    .execute();
  const key = { tenantId: owner.tenantId, sessionId };
  return { sessionId, expiresAt, refreshToken: await addRefreshToken(tx, key, now, expiresAt) };
}

/** Deletes old sessions with their refresh tokens. */
async function removeOldSessions(tx: SystemTx, personId: PersonId, expiredBefore: Date): Promise<void> {
  await tx
    .deleteFrom('session')
    .where('personId', '=', personId)
    .where('expiresAt', '<', expiredBefore)
    .execute();
}

/** Whether the session of this member has neither ended nor expired. */
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

const newestFirst = keyset({ column: 'session.id' });

/** The person's sessions on all devices and in all businesses, newest first. */
export async function listSessions(
  tx: SystemTx,
  { personId, sessionId }: Pick<MemberActor, 'personId' | 'sessionId'>,
  page: PageRequest,
  now: Date,
): Promise<Page<Session>> {
  const query = tx
    .selectFrom('session')
    .select(['id', 'tenantId', 'device', 'address', 'createdAt', 'lastSeenAt', 'expiresAt'])
    .where('personId', '=', personId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now);
  const { data, nextCursor } = await newestFirst.page(query, { ...page, direction: 'desc' });
  const tenants = await findTenants(
    tx,
    data.map(({ tenantId }) => tenantId),
  );
  const sessions = data.map(({ device, tenantId, ...session }) => ({
    ...session,
    device: describeDevice(device),
    userAgent: device,
    tenant: { id: tenantId, name: tenants.get(tenantId)?.name ?? '' },
    isCurrent: session.id === sessionId,
  }));
  return { data: sessions, nextCursor };
}

/** When the person last signed in to each tenant, as far as sessions are stored. */
export async function lastSignIns(tx: SystemTx, personId: PersonId): Promise<ReadonlyMap<TenantId, Date>> {
  const rows = await tx
    .selectFrom('session')
    .select(({ fn }) => ['tenantId', fn.max('createdAt').as('at')])
    .where('personId', '=', personId)
    .groupBy('tenantId')
    .execute();
  return new Map(rows.map(({ tenantId, at }) => [tenantId, at]));
}

/** Ends one of the actor's own sessions, in any business. */
export async function endOwnSession(
  tx: SystemTx,
  actor: MemberActor,
  { sessionId, reason }: { readonly sessionId: SessionId; readonly reason: 'ended' | 'signed-out' },
  now: Date,
): Promise<void> {
  const ended = await endSession(tx, { personId: actor.personId, sessionId }, reason, now);
  if (ended === undefined) throw new NotFound('There is no such session.');
  const details = { reason, device: ended.device };
  await happened(tx, actor, sessionEvents.ended({ subject: sessionId, details }));
}

/** Ends every session of the actor except the current one; returns how many. */
export async function endOtherSessions(tx: SystemTx, actor: MemberActor, now: Date): Promise<number> {
  const { personId, sessionId } = actor;
  const count = await endSessionsOfPerson(tx, { personId, exceptSessionId: sessionId }, 'ended', now);
  if (count > 0) {
    const event = sessionEvents['others-ended']({ subject: sessionId, details: { count } });
    await happened(tx, actor, event);
  }
  return count;
}

/** Ends sessions after a change of password. */
export async function endSessionsOfPerson(
  tx: SystemTx,
  { personId, exceptSessionId }: { readonly personId: PersonId; readonly exceptSessionId?: SessionId },
  reason: 'ended' | 'password-changed' | 'password-reset',
  now: Date,
): Promise<number> {
  const update = tx
    .updateTable('session')
    .set({ endedAt: now, endedReason: reason })
    .where('personId', '=', personId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now);
  const ended = await (exceptSessionId === undefined ? update : update.where('id', '<>', exceptSessionId))
    .returning('id')
    .execute();
  return ended.length;
}

/** Ends the sessions of a removed member. */
export async function endSessionsOfMember(tx: Tx, memberId: MemberId, now: Date): Promise<void> {
  await tx
    .updateTable('session')
    .set({ endedAt: now, endedReason: 'member-removed' })
    .where('tenantId', '=', tx.tenantId)
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .execute();
}

/** Ends a session when the person switches to another business. */
export async function leaveSession(
  tx: SystemTx,
  key: { readonly personId: PersonId; readonly sessionId: SessionId },
  now: Date,
): Promise<void> {
  await endSession(tx, key, 'switched-tenant', now);
}

function endSession(
  tx: SystemTx,
  key: { readonly personId: PersonId; readonly sessionId: SessionId },
  reason: 'ended' | 'signed-out' | 'switched-tenant',
  now: Date,
) {
  return tx
    .updateTable('session')
    .set({ endedAt: now, endedReason: reason })
    .where('personId', '=', key.personId)
    .where('id', '=', key.sessionId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning('device')
    .executeTakeFirst();
}
