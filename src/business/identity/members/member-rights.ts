import { Forbidden } from '../../../platform/process/errors.ts';
import {
  isPermission,
  type MemberRights,
  type Permission,
  permissions,
  permissionsOfMember,
  permissionsOfRole,
  type TenantActor,
} from '../../tenancy/actor/actor.ts';

/**
 * Prevents escalation: nobody grants a permission that they lack, or changes a member who has more. Only owners create,
 * change and remove owners. `before` is undefined for an invitation, `after` for a removal.
 */
export function checkMayChange(
  actor: TenantActor,
  before: MemberRights | undefined,
  after: MemberRights | undefined,
): void {
  if (isOwner(actor)) return;
  if (before?.role === 'owner' || after?.role === 'owner') {
    throw new Forbidden('Owners are made, changed and removed by owners alone.', { code: 'owners-only' });
  }
  const had = before === undefined ? new Set<Permission>() : permissionsOfMember(before);
  const gets = after === undefined ? new Set<Permission>() : permissionsOfMember(after);
  const missing = [...had.union(gets).difference(actor.permissions)];
  if (missing.length > 0) {
    throw new Forbidden(`This is for members who themselves have: ${missing.toSorted().join(', ')}.`, {
      code: 'permission-missing',
      data: { missing: missing.toSorted() },
    });
  }
}

/** Staff who impersonate a tenant count as its owner, and so does the server itself. */
function isOwner(actor: TenantActor): boolean {
  switch (actor.type) {
    case 'member':
      return actor.role === 'owner';
    case 'staff':
    case 'system':
      return true;
    case 'api-key':
    case 'agent':
    case 'customer':
      return false;
    default:
      return actor satisfies never;
  }
}

export interface ExplainedPermission {
  readonly permission: Permission;
  readonly allowed: boolean;
  /** What decided it: the role, an additional grant, a denial, or nothing. */
  readonly source: 'role' | 'granted' | 'denied' | 'none';
}

/** Every permission, and why this member has it or not. */
export function explainPermissions(rights: MemberRights): ExplainedPermission[] {
  const allowed = permissionsOfMember(rights);
  const byRole = permissionsOfRole(rights.role);
  const denied = new Set(rights.deniedPermissions.filter(isPermission));
  return permissions.map((permission) => {
    const isAllowed = allowed.has(permission);
    if (isAllowed) return { permission, allowed: true, source: byRole.has(permission) ? 'role' : 'granted' };
    return { permission, allowed: false, source: denied.has(permission) ? 'denied' : 'none' };
  });
}
