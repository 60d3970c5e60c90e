import { type Insertable, sql, type Updateable } from 'kysely';
import type { MemberStatus, MemberTable } from './member-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { MemberId, PersonId } from '../../tenancy/references/ids.ts';
import type { Role } from '../../tenancy/access/permissions.ts';

const columns = [
  'id',
  'personId',
  'role',
  'grantedPermissions',
  'deniedPermissions',
  'status',
  'name',
  'invitedEmailEncrypted',
  'invitedPhoneEncrypted',
  'invitationExpiresAt',
  'invitedBy',
  'joinedAt',
  'createdAt',
  'updatedAt',
] as const;

export interface MemberFilter {
  readonly status?: MemberStatus | undefined;
  readonly role?: Role | undefined;
}

/** In the order they came. Without a status, those who are gone are left out. */
export function listMembers(
  db: Db,
  tenantId: TenantId,
  filter: MemberFilter & { readonly after: string | undefined; readonly limit: number },
) {
  return db
    .selectFrom('member')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .$if(filter.status === undefined, (query) => query.where('status', '<>', 'removed'))
    .$if(filter.status !== undefined, (query) => query.where('status', '=', filter.status!))
    .$if(filter.role !== undefined, (query) => query.where('role', '=', filter.role!))
    .$if(filter.after !== undefined, (query) => query.where('id', '>', filter.after as MemberId))
    .orderBy('id')
    .limit(filter.limit)
    .execute();
}

export function findMember(db: Db, tenantId: TenantId, memberId: MemberId) {
  return db
    .selectFrom('member')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', memberId)
    .where('status', '<>', 'removed')
    .executeTakeFirst();
}

export type MemberRow = NonNullable<Awaited<ReturnType<typeof findMember>>>;

/** Locked in one order, so that two owners who demote each other wait, and the second sees what the first did. */
export function lockOwners(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('member')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('role', '=', 'owner')
    .where('status', '=', 'active')
    .orderBy('id')
    .forUpdate()
    .execute();
}

export function lockMember(db: Db, tenantId: TenantId, memberId: MemberId) {
  return db
    .selectFrom('member')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', memberId)
    .where('status', '<>', 'removed')
    .forUpdate()
    .executeTakeFirst();
}

/** Undefined when the address has an open invitation already. */
export function insertMember(db: Db, tenantId: TenantId, member: Omit<Insertable<MemberTable>, 'tenantId'>) {
  return db
    .insertInto('member')
    .values({ tenantId, ...member })
    .onConflict((conflict) => conflict.doNothing())
    .returning(columns)
    .executeTakeFirst();
}

export function updateMember(db: Db, tenantId: TenantId, memberId: MemberId, set: Updateable<MemberTable>) {
  return db
    .updateTable('member')
    .set({ ...set, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', memberId)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export function endSessions(db: Db, tenantId: TenantId, memberId: MemberId, reason: string) {
  return db
    .updateTable('session')
    .set({ endedAt: sql<Date>`now()`, endedReason: reason })
    .where('tenantId', '=', tenantId)
    .where('memberId', '=', memberId)
    .where('endedAt', 'is', null)
    .execute();
}

/** Across tenants. */
export function listPeople(db: Db, ids: readonly PersonId[]) {
  return db
    .selectFrom('person')
    .select(['id', 'name', 'emailEncrypted', 'phoneEncrypted'])
    .where('id', 'in', ids)
    .execute();
}

/** Across tenants: whether somebody with this address is a member already. */
export function findMemberByAddress(db: Db, tenantId: TenantId, indexes: readonly string[]) {
  return db
    .selectFrom('member')
    .innerJoin('person', 'person.id', 'member.personId')
    .select('member.id')
    .where('tenantId', '=', tenantId)
    .where('status', '=', 'active')
    .where((row) => row.or([row('emailIndex', 'in', indexes), row('phoneIndex', 'in', indexes)]))
    .executeTakeFirst();
}

/** Across tenants: whoever holds an invitation does not have to know whose it is. */
export function findInvitation(db: Db, invitationSha256: string) {
  return db
    .selectFrom('member')
    .innerJoin('tenant', 'tenant.id', 'member.tenantId')
    .select([
      'member.tenantId',
      'member.id',
      'member.role',
      'member.invitedEmailEncrypted',
      'member.invitedPhoneEncrypted',
      'tenant.name as tenantName',
    ])
    .where('invitationSha256', '=', invitationSha256)
    .where('status', '=', 'invited')
    .where('invitationExpiresAt', '>', sql<Date>`now()`)
    .where('tenant.suspendedAt', 'is', null)
    .executeTakeFirst();
}
