import { randomInt } from 'node:crypto';
import { slugOf } from '../../../platform/process/text.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Forbidden, NotFound } from '../../../platform/process/errors.ts';
import { tenantSuspended } from '../../tenancy/tenants/tenants.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { MemberId, PersonId } from '../../tenancy/references/ids.ts';
import { systemActor } from '../../tenancy/access/actor.ts';
import type { SystemTx } from '../../tenancy/tx.ts';
import type { Role } from '../../tenancy/access/permissions.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { createTenant } from '../../tenancy/tenants/tenants.ts';

/** A business somebody belongs to. */
export interface Membership {
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly tenantSlug: string;
  readonly memberId: MemberId;
  readonly role: Role;
  readonly isSuspended: boolean;
}

export interface NewBusiness {
  readonly businessName?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly currency?: string | undefined;
}

/** Within work across tenants: a tenant, with this person as its owner. */
export async function foundBusiness(
  system: Db,
  owner: { readonly personId: PersonId; readonly name: string },
  input: NewBusiness,
  now: Date,
): Promise<Membership> {
  const name = input.businessName ?? (owner.name === '' ? 'My business' : `${owner.name}’s business`);
  const tenant = await createTenant(system as SystemTx, {
    id: newId('tnt'),
    slug: slugFor(name),
    name,
    timeZone: input.timeZone ?? 'UTC',
    currency: input.currency ?? 'USD',
  });
  const memberId = newId('mem');
  await system
    .insertInto('member')
    .values({
      tenantId: tenant.id,
      id: memberId,
      personId: owner.personId,
      role: 'owner',
      status: 'active',
      joinedAt: now,
    })
    .execute();
  await recordChange(system, systemActor(tenant.id, 'sign-up'), {
    action: 'tenant.created',
    resource: 'tenant',
    resourceId: tenant.id,
    after: { name, timeZone: tenant.timeZone, currency: tenant.currency, owner: memberId },
  });
  return {
    tenantId: tenant.id,
    tenantName: name,
    tenantSlug: tenant.slug,
    memberId,
    role: 'owner',
    isSuspended: false,
  };
}

/** Within work across tenants: where the person is a member, the one last signed in to first. */
export async function listMemberships(system: Db, personId: PersonId): Promise<readonly Membership[]> {
  const rows = await system
    .selectFrom('member')
    .innerJoin('tenant', 'tenant.id', 'member.tenantId')
    .select((row) => [
      'member.tenantId',
      'member.id as memberId',
      'member.role',
      'tenant.name as tenantName',
      'tenant.slug as tenantSlug',
      'tenant.suspendedAt',
      row
        .selectFrom('session')
        .select(({ fn }) => fn.max('session.createdAt').as('at'))
        .whereRef('session.tenantId', '=', 'member.tenantId')
        .whereRef('session.personId', '=', 'member.personId')
        .as('lastSignInAt'),
    ])
    .where('member.personId', '=', personId)
    .where('member.status', '=', 'active')
    .orderBy('lastSignInAt', (order) => order.desc().nullsLast())
    .orderBy('member.tenantId')
    .execute();
  return rows.map(({ tenantId, tenantName, tenantSlug, memberId, role, suspendedAt }) => ({
    tenantId,
    tenantName,
    tenantSlug,
    memberId,
    role,
    isSuspended: suspendedAt !== null,
  }));
}

/** The one that is asked for, else the one last used that is open. */
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

function refuseSuspended(membership: Membership): Membership {
  if (membership.isSuspended) throw tenantSuspended();
  return membership;
}

/** Readable, and nobody else's: what makes it so is at its end. */
function slugFor(name: string): string {
  const readable = slugOf(name, 40);
  const unique = randomInt(36 ** 5, 36 ** 6).toString(36);
  return readable === '' ? unique : `${readable}-${unique}`;
}
