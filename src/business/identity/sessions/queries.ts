import type { Insertable } from 'kysely';
import type { RefreshTokenTable } from './refresh-token-table.ts';
import type { SessionTable } from './session-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { PersonId, SessionId } from '../../tenancy/references/ids.ts';

// A person's sessions may be in several tenants, so all of these are work across tenants.

export function insertSession(db: Db, session: Insertable<SessionTable>) {
  return db.insertInto('session').values(session).execute();
}

export function insertToken(db: Db, token: Insertable<RefreshTokenTable>) {
  return db.insertInto('refreshToken').values(token).execute();
}

/** Of those who bring the same token at the same moment, one gets it; the others wait here and get nothing. */
export function useToken(db: Db, tokenSha256: string, now: Date) {
  return db
    .updateTable('refreshToken')
    .set({ usedAt: now })
    .where('tokenSha256', '=', tokenSha256)
    .where('usedAt', 'is', null)
    .where('expiresAt', '>', now)
    .returning(['tenantId', 'sessionId'])
    .executeTakeFirst();
}

export function findUsedToken(db: Db, tokenSha256: string) {
  return db
    .selectFrom('refreshToken')
    .select(['tenantId', 'sessionId'])
    .where('tokenSha256', '=', tokenSha256)
    .where('usedAt', 'is not', null)
    .executeTakeFirst();
}

/** A session, with everything that may have put an end to it since. */
export function findLiveSession(db: Db, tenantId: TenantId, sessionId: SessionId, now: Date) {
  return db
    .selectFrom('session')
    .innerJoin('member', (join) =>
      join.onRef('member.tenantId', '=', 'session.tenantId').onRef('member.id', '=', 'session.memberId'),
    )
    .innerJoin('tenant', 'tenant.id', 'session.tenantId')
    .innerJoin('person', 'person.id', 'session.personId')
    .select([
      'session.id',
      'session.tenantId',
      'session.memberId',
      'session.personId',
      'session.createdAt',
      'member.role',
      'tenant.suspendedAt',
    ])
    .where('session.tenantId', '=', tenantId)
    .where('session.id', '=', sessionId)
    .where('session.endedAt', 'is', null)
    .where('session.expiresAt', '>', now)
    .where('member.status', '=', 'active')
    .where('person.disabledAt', 'is', null)
    .executeTakeFirst();
}

export function touchSession(
  db: Db,
  tenantId: TenantId,
  sessionId: SessionId,
  seen: { readonly lastSeenAt: Date; readonly expiresAt: Date; readonly address: string },
) {
  return db
    .updateTable('session')
    .set(seen)
    .where('tenantId', '=', tenantId)
    .where('id', '=', sessionId)
    .execute();
}

export function dropExpiredTokens(db: Db, tenantId: TenantId, sessionId: SessionId, now: Date) {
  return db
    .deleteFrom('refreshToken')
    .where('tenantId', '=', tenantId)
    .where('sessionId', '=', sessionId)
    .where('expiresAt', '<=', now)
    .execute();
}

/** What nobody will ask for again; its tokens go with it. */
export function dropOldSessions(db: Db, personId: PersonId, expiredBefore: Date) {
  return db
    .deleteFrom('session')
    .where('personId', '=', personId)
    .where('expiresAt', '<', expiredBefore)
    .execute();
}

export function endSession(
  db: Db,
  key: { readonly personId: PersonId; readonly sessionId: SessionId },
  ended: { readonly endedAt: Date; readonly endedReason: string },
) {
  return db
    .updateTable('session')
    .set(ended)
    .where('personId', '=', key.personId)
    .where('id', '=', key.sessionId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', ended.endedAt)
    .returning(['id', 'tenantId', 'device'])
    .executeTakeFirst();
}

export function endFamily(
  db: Db,
  key: { readonly tenantId: TenantId; readonly sessionId: SessionId },
  ended: { readonly endedAt: Date; readonly endedReason: string },
) {
  return db
    .updateTable('session')
    .set(ended)
    .where('tenantId', '=', key.tenantId)
    .where('id', '=', key.sessionId)
    .where('endedAt', 'is', null)
    .returning(['id', 'device'])
    .executeTakeFirst();
}

export function endSessionsOfPerson(
  db: Db,
  key: { readonly personId: PersonId; readonly exceptSessionId?: SessionId | undefined },
  ended: { readonly endedAt: Date; readonly endedReason: string },
) {
  const update = db
    .updateTable('session')
    .set(ended)
    .where('personId', '=', key.personId)
    .where('endedAt', 'is', null)
    .where('expiresAt', '>', ended.endedAt);
  const { exceptSessionId } = key;
  return (exceptSessionId === undefined ? update : update.where('id', '<>', exceptSessionId))
    .returning('id')
    .execute();
}

/** Newest first; `before` is the last one of the page before. */
export function listLiveSessions(
  db: Db,
  personId: PersonId,
  page: { readonly now: Date; readonly limit: number; readonly before: SessionId | undefined },
) {
  const query = db
    .selectFrom('session')
    .innerJoin('tenant', 'tenant.id', 'session.tenantId')
    .select([
      'session.id',
      'session.device',
      'session.address',
      'session.createdAt',
      'session.lastSeenAt',
      'session.expiresAt',
      'tenant.id as tenantId',
      'tenant.name as tenantName',
    ])
    .where('session.personId', '=', personId)
    .where('session.endedAt', 'is', null)
    .where('session.expiresAt', '>', page.now);
  return (page.before === undefined ? query : query.where('session.id', '<', page.before))
    .orderBy('session.id', 'desc')
    .limit(page.limit)
    .execute();
}
