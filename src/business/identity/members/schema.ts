import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { permissions, roles } from '../../tenancy/access/permissions.ts';
import type { MemberRow } from './queries.ts';

const timestamp = z.iso.datetime({ precision: 3 });
const name = z.string().trim().min(1).max(200);
const permissionList = z.array(z.enum(permissions)).max(permissions.length);

export const memberSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable().describe('E.164.'),
    role: z.enum(roles),
    status: z.enum(['invited', 'active', 'removed']),
    grantedPermissions: z.array(z.string()).describe('On top of the role’s.'),
    deniedPermissions: z
      .array(z.string())
      .describe('Taken from the role’s, and stronger than what is granted.'),
    invitedBy: z.string().nullable().describe('The member who invited.'),
    invitationExpiresAt: timestamp.nullable(),
    joinedAt: timestamp.nullable(),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({
    id: 'Member',
    example: {
      id: 'mem_01k9zt5w3pe0wsh7v6n0gq5m8x',
      name: 'Robin Okafor',
      email: 'robin@harbourstreet.example',
      phone: null,
      role: 'manager',
      status: 'active',
      grantedPermissions: ['audit-log:read'],
      deniedPermissions: [],
      invitedBy: 'mem_01k9zt4q7hf8a9j4c2y6r1d3tb',
      invitationExpiresAt: null,
      joinedAt: '2026-03-02T09:00:00.000Z',
      createdAt: '2026-03-01T15:30:00.000Z',
      updatedAt: '2026-03-02T09:00:00.000Z',
    },
  });

export type PresentedMember = z.infer<typeof memberSchema>;

export const memberPageSchema = pageOf(memberSchema).meta({ id: 'MemberPage' });

export const memberListQuery = z.object({
  ...pageQuery.shape,
  status: z.enum(['invited', 'active', 'removed']).optional().describe('Without it: invited and active.'),
  role: z.enum(roles).optional(),
});

export const invitationSchema = z
  .object({
    role: z.enum(roles),
    name: name.optional(),
    email: z.email().max(254).toLowerCase().optional(),
    phone: z.e164().optional(),
  })
  .refine(({ email, phone }) => (email === undefined) !== (phone === undefined), {
    error: 'name either an email or a phone',
    path: ['email'],
  })
  .meta({ id: 'MemberInvitation', example: { role: 'agent', email: 'robin@harbourstreet.example' } });

export const memberChangesSchema = z
  .object({
    role: z.enum(roles),
    name,
    grantedPermissions: permissionList,
    deniedPermissions: permissionList,
  })
  .partial()
  .meta({ id: 'MemberChanges', example: { role: 'manager', grantedPermissions: ['audit-log:read'] } });

export const acceptanceSchema = z
  .object({ token: z.string().min(1).max(200).describe('From the invitation.') })
  .meta({ id: 'InvitationAcceptance', example: { token: 'hW0bHn3b6m0tq3xkqgk9m1yXlR8a5dCe' } });

export const acceptedSchema = z
  .object({ tenantId: z.string(), memberId: z.string(), tenantName: z.string(), role: z.enum(roles) })
  .meta({
    id: 'AcceptedInvitation',
    example: {
      tenantId: 'tnt_01k9zt4q7hf8a9j4c2y6r1d3tb',
      memberId: 'mem_01k9zt5w3pe0wsh7v6n0gq5m8x',
      tenantName: 'Harbour Street Cycles',
      role: 'agent',
    },
  });

export const memberPermissionsSchema = z
  .object({
    role: z.enum(roles),
    data: z.array(
      z.object({
        permission: z.enum(permissions),
        allowed: z.boolean(),
        source: z
          .enum(['role', 'granted', 'denied', 'none'])
          .describe('What decided: the role, a grant on top, a denial, or nothing that gives it.'),
      }),
    ),
  })
  .meta({
    id: 'MemberPermissions',
    example: { role: 'viewer', data: [{ permission: 'tickets:write', allowed: true, source: 'granted' }] },
  });

export function presentMember(
  row: MemberRow,
  person: { readonly name: string; readonly email: string | null; readonly phone: string | null },
): PresentedMember {
  return {
    id: row.id,
    name: person.name,
    email: person.email,
    phone: person.phone,
    role: row.role,
    status: row.status,
    grantedPermissions: [...row.grantedPermissions],
    deniedPermissions: [...row.deniedPermissions],
    invitedBy: row.invitedBy,
    invitationExpiresAt: row.status === 'invited' ? (row.invitationExpiresAt?.toISOString() ?? null) : null,
    joinedAt: row.joinedAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
