import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TenantActor } from '../../../../src/business/tenancy/actor/actor.ts';
import {
  type MemberRights,
  permissions,
  permissionsOfMember,
  permissionsOfRole,
  roles,
} from '../../../../src/business/tenancy/actor/permissions.ts';
import {
  checkMayChange,
  explainPermissions,
} from '../../../../src/business/identity/members/member-rights.ts';
import { newId } from '../../../../src/platform/data/ids.ts';

const rights = fc.record<MemberRights>({
  role: fc.constantFrom(...roles),
  grantedPermissions: fc.uniqueArray(fc.constantFrom(...permissions), { maxLength: 4 }),
  deniedPermissions: fc.uniqueArray(fc.constantFrom(...permissions), { maxLength: 4 }),
});

function actorWith(of: MemberRights): TenantActor {
  return {
    type: 'member',
    tenantId: newId('tnt'),
    memberId: newId('mem'),
    personId: newId('per'),
    sessionId: newId('ses'),
    role: of.role,
    permissions: permissionsOfMember(of),
  };
}

function allows(...change: Parameters<typeof checkMayChange>): boolean {
  try {
    checkMayChange(...change);
    return true;
  } catch {
    return false;
  }
}

describe('the rights of members', () => {
  it('are only ever given or changed by members who have them, and owners only by owners', () => {
    fc.assert(
      fc.property(rights, rights, rights, (own, before, after) => {
        if (own.role === 'owner' || !allows(actorWith(own), before, after)) return;
        expect([before.role, after.role]).not.toContain('owner');
        const mine = permissionsOfMember(own);
        expect(permissionsOfMember(after).isSubsetOf(mine)).toBe(true);
        expect(permissionsOfMember(before).isSubsetOf(mine)).toBe(true);
      }),
    );
  });

  it('may all be changed by an owner', () => {
    fc.assert(
      fc.property(rights, rights, (before, after) => {
        const owner = actorWith({ role: 'owner', grantedPermissions: [], deniedPermissions: [] });
        expect(allows(owner, before, after)).toBe(true);
      }),
    );
  });

  it('are the role’s with what is granted and without what is denied; an owner’s are all, always', () => {
    fc.assert(
      fc.property(rights, (of) => {
        const allowed = permissionsOfMember(of);
        for (const permission of permissions) {
          const expected =
            of.role === 'owner' ||
            (!of.deniedPermissions.includes(permission) &&
              (permissionsOfRole(of.role).has(permission) || of.grantedPermissions.includes(permission)));
          expect(allowed.has(permission)).toBe(expected);
        }
      }),
    );
  });

  it('are explained one by one as they are', () => {
    fc.assert(
      fc.property(rights, (of) => {
        const allowed = permissionsOfMember(of);
        const explained = explainPermissions(of);
        expect(explained.map(({ permission }) => permission)).toEqual(permissions);
        for (const { permission, allowed: isAllowed, source } of explained) {
          expect(isAllowed).toBe(allowed.has(permission));
          expect(['role', 'granted'].includes(source)).toBe(isAllowed);
          if (source === 'denied') expect(of.deniedPermissions).toContain(permission);
        }
      }),
    );
  });

  it('never let a viewer change anything but his own alerts', () => {
    const writes = [...permissionsOfRole('viewer')].filter((permission) => permission.endsWith(':write'));
    expect(writes).toEqual(['alerts:write']);
  });
});
