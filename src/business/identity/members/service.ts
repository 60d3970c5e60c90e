import { z } from 'zod';
import { type Db, withSystem } from '../../../platform/data/db.ts';
import { Conflict, NotFound } from '../../../platform/process/errors.ts';
import type { MemberId, PersonId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { decrypt } from '../../../platform/crypto/personal-data.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import type { Role } from '../../tenancy/access/permissions.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import type { MemberFilter, MemberRow } from './queries.ts';
import * as queries from './queries.ts';
import { checkMayChange, explainPermissions, type ExplainedPermission } from './rules.ts';
import { type PresentedMember, presentMember } from './schema.ts';

export interface MemberChanges {
  readonly role?: Role | undefined;
  readonly name?: string | undefined;
  readonly grantedPermissions?: readonly string[] | undefined;
  readonly deniedPermissions?: readonly string[] | undefined;
}

export async function listMembers(
  db: Db,
  actor: TenantActor,
  { limit, cursor, ...filter }: PageRequest & MemberFilter,
): Promise<Page<PresentedMember>> {
  const after = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string()]))[0];
  const { tenantId } = actor;
  const rows = await inTenant(db, tenantId, (transaction) =>
    queries.listMembers(transaction, tenantId, { ...filter, after, limit: limit + 1 }),
  );
  const shown = toPage(
    rows,
    limit,
    (row) => [row.id],
    (row) => row,
  );
  return { ...shown, data: await present(db, shown.data) };
}

export async function getMember(db: Db, actor: TenantActor, memberId: MemberId): Promise<PresentedMember> {
  return presentOne(db, await findRow(db, actor, memberId));
}

export async function permissionsOf(
  db: Db,
  actor: TenantActor,
  memberId: MemberId,
): Promise<{ role: Role; data: ExplainedPermission[] }> {
  const row = await findRow(db, actor, memberId);
  return { role: row.role, data: explainPermissions(row) };
}

export async function changeMember(
  db: Db,
  actor: TenantActor,
  memberId: MemberId,
  { changes, ifMatch }: { readonly changes: MemberChanges; readonly ifMatch: string | undefined },
): Promise<PresentedMember> {
  const { tenantId } = actor;
  const shown = await getMember(db, actor, memberId);
  const row = await inTenant(db, tenantId, async (transaction) => {
    const owners = await queries.lockOwners(transaction, tenantId);
    const before = await locked(transaction, actor, memberId);
    // The address is the person's, and not changed here: what was shown of it holds.
    const { email, phone } = shown;
    const name = before.name === '' ? shown.name : before.name;
    checkMatch(ifMatch, presentMember(before, { email, phone, name }));
    const rights = {
      role: changes.role ?? before.role,
      grantedPermissions: changes.grantedPermissions ?? before.grantedPermissions,
      deniedPermissions: changes.deniedPermissions ?? before.deniedPermissions,
    };
    if (changesRights(changes)) checkMayChange(actor, before, rights);
    if (rights.role !== 'owner') checkNotLastOwner(owners, memberId, 'have another role');
    const after = await queries.updateMember(transaction, tenantId, memberId, {
      role: rights.role,
      grantedPermissions: JSON.stringify(rights.grantedPermissions),
      deniedPermissions: JSON.stringify(rights.deniedPermissions),
      ...(changes.name === undefined ? {} : { name: changes.name }),
    });
    await recordChange(transaction, actor, {
      action: 'member.changed',
      resource: 'member',
      resourceId: memberId,
      before: recorded(before),
      after: recorded(after),
    });
    return after;
  });
  return presentOne(db, row);
}

/** A member, or an invitation. His sessions end with it. */
export function removeMember(db: Db, actor: TenantActor, memberId: MemberId): Promise<void> {
  const isLeaving = actor.type === 'member' && actor.memberId === memberId;
  return inTenant(db, actor.tenantId, async (transaction) => {
    const owners = await queries.lockOwners(transaction, actor.tenantId);
    const before = await locked(transaction, actor, memberId);
    if (!isLeaving) checkMayChange(actor, before, undefined);
    checkNotLastOwner(owners, memberId, 'leave');
    await queries.updateMember(transaction, actor.tenantId, memberId, {
      status: 'removed',
      removedAt: new Date(),
      invitationSha256: null,
    });
    await queries.endSessions(transaction, actor.tenantId, memberId, 'member-removed');
    await recordChange(transaction, actor, {
      action: isLeaving ? 'member.left' : 'member.removed',
      resource: 'member',
      resourceId: memberId,
      before: recorded(before),
    });
  });
}

/** Locked; within the transaction. */
export async function locked(transaction: Db, actor: TenantActor, memberId: MemberId): Promise<MemberRow> {
  const row = await queries.lockMember(transaction, actor.tenantId, memberId);
  if (row === undefined) throw new NotFound('There is no such member.');
  return row;
}

/** What the audit log says of a member: rights, not addresses. */
export function recorded({ role, status, name, grantedPermissions, deniedPermissions }: MemberRow): object {
  return { role, status, name, grantedPermissions, deniedPermissions };
}

export async function presentOne(db: Db, row: MemberRow): Promise<PresentedMember> {
  return (await present(db, [row]))[0]!;
}

async function findRow(db: Db, actor: TenantActor, memberId: MemberId): Promise<MemberRow> {
  const row = await inTenant(db, actor.tenantId, (transaction) =>
    queries.findMember(transaction, actor.tenantId, memberId),
  );
  if (row === undefined) throw new NotFound('There is no such member.');
  return row;
}

/** People are no tenant's: their names and addresses are read across tenants, by the ids of our members. */
async function present(db: Db, rows: readonly MemberRow[]): Promise<PresentedMember[]> {
  const ids = rows.flatMap(({ personId }) => personId ?? []);
  const people =
    ids.length === 0 ? [] : await withSystem(db, (transaction) => queries.listPeople(transaction, ids));
  const byId = new Map<PersonId | null, (typeof people)[number]>(people.map((person) => [person.id, person]));
  return rows.map((row) => {
    const person = byId.get(row.personId);
    const email = person === undefined ? row.invitedEmailEncrypted : person.emailEncrypted;
    const phone = person === undefined ? row.invitedPhoneEncrypted : person.phoneEncrypted;
    return presentMember(row, {
      name: row.name === '' ? (person?.name ?? '') : row.name,
      email: email === null ? null : decrypt(email),
      phone: phone === null ? null : decrypt(phone),
    });
  });
}

function changesRights(changes: MemberChanges): boolean {
  return (
    changes.role !== undefined ||
    changes.grantedPermissions !== undefined ||
    changes.deniedPermissions !== undefined
  );
}

function checkNotLastOwner(owners: readonly { readonly id: MemberId }[], memberId: MemberId, what: string) {
  if (owners.length !== 1 || owners[0]?.id !== memberId) return;
  throw new Conflict(`The last owner cannot ${what}; make somebody else an owner first.`, {
    code: 'last-owner',
  });
}
