import type { MemberClaims } from '../../tenancy/access/access.ts';
import { type MemberActor, permissionsOfMember } from '../../tenancy/actor/actor.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { isSuspended, tenantSuspended } from '../../tenancy/tenants/tenants.ts';
import { isLiveSession } from '../sessions/sessions.ts';

/** The actor of a session, with current permissions; undefined if the session has ended or the member has left. */
export async function findMemberActor(
  tx: Tx,
  { memberId, personId, sessionId }: MemberClaims,
): Promise<Omit<MemberActor, 'address'> | undefined> {
  if (!(await isLiveSession(tx, { sessionId, memberId }))) return undefined;
  const member = await tx
    .selectFrom('member')
    .select(['role', 'grantedPermissions', 'deniedPermissions'])
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', memberId)
    .where('personId', '=', personId)
    .where('status', '=', 'active')
    .executeTakeFirst();
  if (member === undefined) return undefined;
  if (await isSuspended(tx, tx.tenantId)) throw tenantSuspended();
  return {
    type: 'member',
    tenantId: tx.tenantId,
    memberId,
    personId,
    sessionId,
    role: member.role,
    permissions: permissionsOfMember(member),
  };
}
