/** Roles of members in a tenant. An owner has all permissions, always. */
export const roles = ['owner', 'admin', 'manager', 'agent', 'viewer'] as const;
export type Role = (typeof roles)[number];

const admins = ['admin'] as const;
const managers = ['admin', 'manager'] as const;
const staff = ['admin', 'manager', 'agent'] as const;
const everyone = ['admin', 'manager', 'agent', 'viewer'] as const;

/** Each permission, with the roles that have it besides the owner. */
const rolesOf = {
  'agents:read': everyone,
  'agents:write': managers,
  'alerts:read': everyone,
  'alerts:write': everyone,
  'analytics:read': everyone,
  'api-keys:read': admins,
  'api-keys:write': admins,
  'audit-log:read': admins,
  'bookings:read': everyone,
  'bookings:write': staff,
  'calls:read': everyone,
  'calls:write': managers,
  'chat:write': staff,
  'company:read': everyone,
  'company:write': admins,
  'conversations:read': everyone,
  'conversations:write': staff,
  'customers:read': everyone,
  'customers:write': staff,
  'knowledge:read': everyone,
  'knowledge:write': managers,
  'members:read': everyone,
  'members:write': admins,
  'messages:read': everyone,
  'messages:write': staff,
  'opening-hours:read': everyone,
  'opening-hours:write': managers,
  'orders:read': everyone,
  'orders:write': staff,
  'personal-data:write': admins,
  'phone-numbers:read': everyone,
  'phone-numbers:write': managers,
  'products:read': everyone,
  'products:write': managers,
  'services:read': everyone,
  'services:write': managers,
  'tickets:read': everyone,
  'tickets:write': staff,
} as const satisfies Record<`${string}:${'read' | 'write'}`, readonly Role[]>;

export type Permission = keyof typeof rolesOf;

export const permissions = Object.keys(rolesOf) as [Permission, ...Permission[]];

export function isPermission(text: string): text is Permission {
  return Object.hasOwn(rolesOf, text);
}

/** The roles that have this permission. */
export function rolesWith(permission: Permission): readonly Role[] {
  return ['owner', ...rolesOf[permission]];
}

/** The permissions of a role, without those granted or denied to a single member. */
export function permissionsOfRole(role: Role): ReadonlySet<Permission> {
  return new Set(permissions.filter((permission) => rolesWith(permission).includes(role)));
}

export interface MemberRights {
  readonly role: Role;
  readonly grantedPermissions: readonly string[];
  readonly deniedPermissions: readonly string[];
}

/** The permissions of a member: the role's, plus those granted, minus those denied. Nothing is denied to owners. */
export function permissionsOfMember(rights: MemberRights): ReadonlySet<Permission> {
  const allowed = new Set(permissionsOfRole(rights.role));
  if (rights.role === 'owner') return allowed;
  for (const permission of rights.grantedPermissions) if (isPermission(permission)) allowed.add(permission);
  for (const permission of rights.deniedPermissions) if (isPermission(permission)) allowed.delete(permission);
  return allowed;
}
