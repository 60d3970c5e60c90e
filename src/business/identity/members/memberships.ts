import type { TenantId } from '../../../platform/data/ids.ts';
import { Forbidden, NotFound } from '../../../platform/process/errors.ts';
import type { Role } from '../../tenancy/actor/actor.ts';
import type { MemberId, PersonId } from '../../tenancy/ids/ids.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';
import { findTenants, tenantSuspended } from '../../tenancy/tenants/tenants.ts';
import { lastSignIns, type SessionOwner } from '../sessions/sessions.ts';

/** A business that a person belongs to. */
export interface Membership {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly tenantSlug: string;
  readonly memberId: MemberId;
  readonly role: Role;
  readonly isSuspended: boolean;
}

/** The memberships of each of these people. */
export async function membershipsOf(
  tx: SystemTx,
  people: readonly PersonId[],
): Promise<ReadonlyMap<PersonId, readonly Membership[]>> {
  if (people.length === 0) return new Map();
  const rows = await tx
    .selectFrom('member')
    .select(['tenantId', 'id as memberId', 'personId', 'role'])
    .where('personId', 'in', people)
    .where('status', '=', 'active')
    .orderBy('tenantId')
    .execute();
  const tenants = await findTenants(
    tx,
    rows.map(({ tenantId }) => tenantId),
  );
  const memberships = rows.map(({ personId, ...member }) => {
    const { name, slug, isSuspended } = tenants.get(member.tenantId)!;
    return { personId: personId!, ...member, tenantName: name, tenantSlug: slug, isSuspended };
  });
  return Map.groupBy(memberships, ({ personId }) => personId);
}

/** The memberships of a person, the one last signed in to first. */
export async function listMemberships(tx: SystemTx, personId: PersonId): Promise<readonly Membership[]> {
  const memberships = (await membershipsOf(tx, [personId])).get(personId) ?? [];
  if (memberships.length <= 1) return memberships;
  const signIns = await lastSignIns(tx, personId);
  const lastAtMs = ({ tenantId }: Membership): number => signIns.get(tenantId)?.getTime() ?? 0;
  return memberships.toSorted((one, other) => lastAtMs(other) - lastAtMs(one));
}

/** The requested membership, else the last used one whose business is not suspended. */
export function chooseMembership(
  memberships: readonly Membership[],
  tenantId: TenantId | undefined,
): Membership {
  if (tenantId === undefined) {
    const open = memberships.find(({ isSuspended }) => !isSuspended) ?? memberships[0];
    if (open === undefined) {
      throw new Forbidden('You are not a member of any business now.', { code: 'not-a-member' });
    }
    return refuseSuspended(open);
  }
  const chosen = memberships.find((membership) => membership.tenantId === tenantId);
  if (chosen === undefined) throw new NotFound('You are not a member of such a business.');
  return refuseSuspended(chosen);
}

/** The role of an active member; undefined if the member has left. */
export async function findActiveRole(
  tx: SystemTx,
  { tenantId, memberId, personId }: SessionOwner,
): Promise<Role | undefined> {
  const member = await tx
    .selectFrom('member')
    .select('role')
    .where('tenantId', '=', tenantId)
    .where('id', '=', memberId)
    .where('personId', '=', personId)
    .where('status', '=', 'active')
    .executeTakeFirst();
  return member?.role;
}

function refuseSuspended(membership: Membership): Membership {
  if (membership.isSuspended) throw tenantSuspended();
  return membership;
}
