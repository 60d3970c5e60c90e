import { keyset } from '../../../platform/data/keyset.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import type { ExpectedVersions, RequestedChange } from '../../../platform/data/version.ts';
import { Conflict, NotFound } from '../../../platform/process/errors.ts';
import type { Role, TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { MemberId, PersonId } from '../../tenancy/ids/ids.ts';
import type { SystemTx, Tx } from '../../tenancy/tenancy.ts';
import { endSessionsOfMember } from '../sessions/sessions.ts';
import type { MemberChanges } from './member.ts';
import { memberEvents } from './member-events.ts';
import { checkMayChange } from './member-rights.ts';
import { type MemberRow, type MemberStatus, memberTable } from './member-table.ts';

export interface MemberFilter {
  /** By default removed members are left out. */
  readonly status?: MemberStatus | undefined;
  readonly role?: Role | undefined;
}

const oldestFirst = keyset({ column: 'member.id' });

/** Ordered by creation. */
export function listMembers(
  tx: Tx,
  { limit, cursor, role, status }: PageRequest & MemberFilter,
): Promise<Page<MemberRow>> {
  const shown = status ?? (['invited', 'active'] as const);
  const query = tx
    .selectFrom('member')
    .select(memberTable.columns)
    .where(matching('member', { tenantId: tx.tenantId, role, status: shown }));
  return oldestFirst.page(query, { limit, cursor });
}

/** A member, or an open invitation; throws `NotFound` if removed. */
export async function getMember(tx: Tx, memberId: MemberId): Promise<MemberRow> {
  return unlessRemoved(await memberTable.find(tx, memberId));
}

export async function lockMember(
  tx: Tx,
  memberId: MemberId,
  expected?: ExpectedVersions,
): Promise<MemberRow> {
  return unlessRemoved(await memberTable.lock(tx, memberId, expected));
}

export async function countActiveMembers(tx: SystemTx, tenantId: TenantId): Promise<number> {
  const { count } = await tx
    .selectFrom('member')
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .where('tenantId', '=', tenantId)
    .where('status', '=', 'active')
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Adds a member without an invitation: the owner of a new business. */
export async function addMember(
  tx: SystemTx,
  member: {
    readonly tenantId: TenantId;
    readonly personId: PersonId;
    readonly role: Role;
    readonly name?: string;
  },
  now: Date,
): Promise<MemberId> {
  const id = newId('mem');
  await tx
    .insertInto('member')
    .values({ ...member, id, status: 'active', joinedAt: now })
    .execute();
  return id;
}

export async function changeMember(
  tx: Tx,
  actor: TenantActor,
  memberId: MemberId,
  { changes, ifMatch }: RequestedChange<MemberChanges>,
): Promise<MemberRow> {
  const owners = await lockOwners(tx);
  const before = await lockMember(tx, memberId, ifMatch);
  const { role, name, grantedPermissions, deniedPermissions } = changes;
  const rights = {
    role: role ?? before.role,
    grantedPermissions: grantedPermissions ?? before.grantedPermissions,
    deniedPermissions: deniedPermissions ?? before.deniedPermissions,
  };
  const changesRights = (role ?? grantedPermissions ?? deniedPermissions) !== undefined;
  if (!changesRights && name === undefined) return before;
  if (changesRights) checkMayChange(actor, before, rights);
  if (rights.role !== 'owner') checkNotLastOwner(owners, memberId, 'have another role');
  const after = await memberTable.update(tx, memberId, {
    name,
    role: rights.role,
    grantedPermissions: JSON.stringify(rights.grantedPermissions),
    deniedPermissions: JSON.stringify(rights.deniedPermissions),
  });
  await happened(tx, actor, memberEvents.changed({ subject: memberId, before, after }));
  return after;
}

/** Removes a member or an invitation. Ends the member's sessions. */
export async function removeMember(tx: Tx, actor: TenantActor, memberId: MemberId, now: Date): Promise<void> {
  const isLeaving = actor.type === 'member' && actor.memberId === memberId;
  const owners = await lockOwners(tx);
  const before = await lockMember(tx, memberId);
  if (!isLeaving) checkMayChange(actor, before, undefined);
  checkNotLastOwner(owners, memberId, 'leave');
  await memberTable.update(tx, memberId, { status: 'removed', removedAt: now, invitationSha256: null });
  await endSessionsOfMember(tx, memberId, now);
  const fact = isLeaving ? memberEvents.left : memberEvents.removed;
  await happened(tx, actor, fact({ subject: memberId, before }));
}

/** Locks the owners in a fixed order, so that of two owners who demote each other the second sees the first change. */
function lockOwners(tx: Tx): Promise<readonly { readonly id: MemberId }[]> {
  return tx
    .selectFrom('member')
    .select('id')
    .where(matching('member', { tenantId: tx.tenantId, role: 'owner', status: 'active' }))
    .orderBy('id')
    .forUpdate()
    .execute();
}

function checkNotLastOwner(owners: readonly { readonly id: MemberId }[], memberId: MemberId, what: string) {
  if (owners.length !== 1 || owners[0]?.id !== memberId) return;
  throw new Conflict(`The last owner cannot ${what}; make somebody else an owner first.`, {
    code: 'last-owner',
  });
}

function unlessRemoved(member: MemberRow | undefined): MemberRow {
  if (member === undefined || member.status === 'removed') throw new NotFound('There is no such member.');
  return member;
}
