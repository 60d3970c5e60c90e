import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { MemberId, SessionId } from '../references/ids.ts';

/** What a session's member may do now; nothing when the session or the member is out. */
export function findStanding(db: Db, tenantId: TenantId, sessionId: SessionId, memberId: MemberId) {
  return db
    .selectFrom('session')
    .innerJoin('member', (join) =>
      join.onRef('member.tenantId', '=', 'session.tenantId').onRef('member.id', '=', 'session.memberId'),
    )
    .innerJoin('tenant', 'tenant.id', 'session.tenantId')
    .select([
      'member.personId',
      'member.role',
      'member.grantedPermissions',
      'member.deniedPermissions',
      'tenant.suspendedAt',
    ])
    .where('session.tenantId', '=', tenantId)
    .where('session.id', '=', sessionId)
    .where('session.endedAt', 'is', null)
    .where('session.expiresAt', '>', sql<Date>`now()`)
    .where('member.id', '=', memberId)
    .where('member.status', '=', 'active')
    .executeTakeFirst();
}
