import { z } from 'zod';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import { permissions, roles } from '../../tenancy/actor/actor.ts';
import type { Person } from '../people/people.ts';
import type { MemberRow } from './member-table.ts';

/* A member in responses: the row in the tenant, with the name and the addresses of the person. */

const name = z.string().trim().min(1).max(200);
const status = z.enum(['invited', 'active', 'removed']);
const permissionList = z.array(z.enum(permissions)).max(permissions.length);

export const memberSchema = z
  .object({
    id: idOf('mem'),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable().describe('E.164.'),
    role: z.enum(roles),
    status,
    grantedPermissions: z.array(z.string()).describe('On top of the role’s.'),
    deniedPermissions: z
      .array(z.string())
      .describe('Taken from the role’s, and stronger than what is granted.'),
    invitedBy: z.string().nullable().describe('The member who invited.'),
    invitationExpiresAt: instant.nullable(),
    joinedAt: instant.nullable(),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({
    id: 'Member',
    examples: [
      {
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
    ],
  });

export type Member = z.output<typeof memberSchema> & { readonly version: number };

export const memberPageSchema = pageOf(memberSchema).meta({ id: 'MemberPage' });

export const memberQuery = z.object({
  ...pageQuery.shape,
  status: status.optional().describe('Without it: invited and active.'),
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
  .meta({ id: 'MemberInvitation', examples: [{ role: 'agent', email: 'robin@harbourstreet.example' }] });

export type InvitationInput = z.output<typeof invitationSchema>;

export const memberChangesSchema = z
  .object({
    role: z.enum(roles),
    name,
    grantedPermissions: permissionList,
    deniedPermissions: permissionList,
  })
  .partial()
  .meta({ id: 'MemberChanges', examples: [{ role: 'manager', grantedPermissions: ['audit-log:read'] }] });

export type MemberChanges = z.output<typeof memberChangesSchema>;

export const acceptanceSchema = z
  .object({ token: z.string().min(1).max(200).describe('From the invitation.') })
  .meta({ id: 'InvitationAcceptance', examples: [{ token: 'hW0bHn3b6m0tq3xkqgk9m1yXlR8a5dCe' }] });

export const acceptedSchema = z
  .object({ tenantId: idOf('tnt'), memberId: idOf('mem'), tenantName: z.string(), role: z.enum(roles) })
  .meta({
    id: 'AcceptedInvitation',
    examples: [
      {
        tenantId: 'tnt_01k9zt4q7hf8a9j4c2y6r1d3tb',
        memberId: 'mem_01k9zt5w3pe0wsh7v6n0gq5m8x',
        tenantName: 'Harbour Street Cycles',
        role: 'agent',
      },
    ],
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
    examples: [{ role: 'viewer', data: [{ permission: 'tickets:write', allowed: true, source: 'granted' }] }],
  });

/** `person` is undefined for an open invitation, which shows the address it was sent to. */
export function toMember(cipher: PersonalDataCipher, row: MemberRow, person: Person | undefined): Member {
  const { personId: _personId, invitedEmailEncrypted, invitedPhoneEncrypted, ...member } = row;
  return {
    ...member,
    name: row.name === '' ? (person?.name ?? '') : row.name,
    email: person === undefined ? cipher.decrypt(invitedEmailEncrypted) : person.email,
    phone: person === undefined ? cipher.decrypt(invitedPhoneEncrypted) : person.phone,
    invitationExpiresAt: row.status === 'invited' ? row.invitationExpiresAt : null,
  };
}
