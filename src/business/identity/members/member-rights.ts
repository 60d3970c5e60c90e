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
 * Nobody gives what they do not have, and nobody changes somebody who may do more. Owners are made, changed
 * and removed by owners alone. `before` is undefined for an invitation, `after` for a removal.
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

/** Staff in a tenant's place stand for its owner; work of the server itself is not held back. */
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
  /** What decided it: the role, a grant on top, a denial, or nothing that gives it. */
  readonly source: 'role' | 'granted' | 'denied' | 'none';
}

/** Every permission there is, and why this member has it or has not. */
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
