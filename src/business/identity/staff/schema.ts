import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { roles } from '../../tenancy/access/permissions.ts';
import type { Staff } from './accounts.ts';
import { longestImpersonationMinutes } from './impersonation.ts';
import type { PlatformUser, TenantDetail } from './overview.ts';
import type { TenantRow } from './overview-queries.ts';

const timestamp = z.iso.datetime({ precision: 3 });
const email = z
  .email()
  .max(254)
  .toLowerCase()
  .meta({ examples: ['sam@parley.example'] });
const reason = z.string().trim().min(5).max(500).describe('Goes on record.');
const date = z.iso.date().optional();

export const staffSignInSchema = z
  .object({ email, password: z.string().min(1).max(200) })
  .meta({ id: 'StaffSignIn', examples: [{ email: 'sam@parley.example', password: 'a lighthouse at noon' }] });

export const staffSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string(),
    createdBy: z.string().nullable().describe('Null for those made by a command on the server.'),
    createdAt: timestamp,
    disabledAt: timestamp.nullable(),
  })
  .meta({
    id: 'Staff',
    examples: [
      {
        id: 'stf_01k9zt5w3pe0wsh7v6n0gq5m8x',
        name: 'Sam Lindqvist',
        email: 'sam@parley.example',
        createdBy: null,
        createdAt: '2026-03-01T08:00:00.000Z',
        disabledAt: null,
      },
    ],
  });

export const staffPageSchema = pageOf(staffSchema).meta({ id: 'StaffPage' });

export const newStaffSchema = z
  .object({
    email,
    name: z.string().trim().min(1).max(200),
    password: z.string().min(12, 'must have at least 12 characters').max(200),
  })
  .meta({
    id: 'NewStaff',
    examples: [{ email: 'kim@parley.example', name: 'Kim Duarte', password: 'a harbour before the storm' }],
  });

export const staffSignedInSchema = z
  .object({
    tokenType: z.literal('Bearer'),
    accessToken: z.string(),
    expiresAt: timestamp,
    staff: staffSchema,
  })
  .meta({ id: 'StaffSignedIn' });

export const tenantQuery = z.object({
  ...pageQuery.shape,
  search: z.string().trim().min(1).max(100).optional().describe('How the name or the slug begins.'),
  status: z.enum(['active', 'suspended']).optional(),
});

const tenantFields = {
  id: z.string(),
  slug: z.string(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  status: z.enum(['active', 'suspended']),
  createdAt: timestamp,
  suspendedAt: timestamp.nullable(),
};

const tenantExample = {
  id: 'tnt_01k9zt5w3pe0wsh7v6n0gq5m8z',
  slug: 'harbour-street-cycles-k3f9xq',
  name: 'Harbour Street Cycles',
  timeZone: 'America/New_York',
  currency: 'USD',
  status: 'active' as const,
  createdAt: '2026-03-02T09:00:00.000Z',
  suspendedAt: null,
};

export const tenantSchema = z.object(tenantFields).meta({ id: 'PlatformTenant', examples: [tenantExample] });

export const tenantPageSchema = pageOf(tenantSchema).meta({ id: 'PlatformTenantPage' });

export const tenantDetailSchema = z
  .object({
    ...tenantFields,
    counts: z.object({
      members: z.number().int(),
      agents: z.number().int(),
      phoneNumbers: z.number().int(),
      recentCalls: z.number().int().describe('Of the last 30 days.'),
    }),
  })
  .meta({
    id: 'PlatformTenantDetail',
    examples: [{ ...tenantExample, counts: { members: 4, agents: 2, phoneNumbers: 1, recentCalls: 312 } }],
  });

export const reasonSchema = z
  .object({ reason })
  .meta({ id: 'StaffReason', examples: [{ reason: 'Invoices unpaid for 60 days' }] });

export const impersonationRequestSchema = z
  .object({
    reason,
    minutes: z.number().int().min(1).max(longestImpersonationMinutes).default(longestImpersonationMinutes),
  })
  .meta({
    id: 'ImpersonationRequest',
    examples: [{ reason: 'Ticket 4711: greeting is not played', minutes: 15 }],
  });

export const impersonationSchema = z
  .object({
    id: z.string(),
    tenant: z.object({ id: z.string(), name: z.string() }),
    tokenType: z.literal('Bearer'),
    accessToken: z.string().describe('Says who of the staff is behind it; good for this business alone.'),
    expiresAt: timestamp,
  })
  .meta({ id: 'Impersonation' });

export const userQuery = z.object({
  ...pageQuery.shape,
  email: z.email().toLowerCase().optional().describe('The whole address.'),
  phone: z.e164().optional().describe('The whole number.'),
  name: z.string().trim().min(1).max(100).optional().describe('How the name begins.'),
});

export const userSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    createdAt: timestamp,
    disabledAt: timestamp.nullable(),
    memberships: z.array(
      z.object({ tenant: z.object({ id: z.string(), name: z.string() }), role: z.enum(roles) }),
    ),
  })
  .meta({ id: 'PlatformUser' });

export const userPageSchema = pageOf(userSchema).meta({ id: 'PlatformUserPage' });

export const statisticsQuery = z.object({
  from: date.describe('The first day, UTC; 30 days before the end by default.'),
  to: date.describe('The last day, UTC; today by default.'),
});

export const statisticsSchema = z
  .object({
    tenants: z.number().int(),
    suspendedTenants: z.number().int(),
    people: z.number().int(),
    days: z.array(
      z.object({
        date: z.string(),
        newTenants: z.number().int(),
        calls: z.number().int(),
        minutes: z.number(),
        faults: z.number().int().describe('Errors that calls of the day met, at vendors or here.'),
      }),
    ),
  })
  .meta({
    id: 'PlatformStatistics',
    examples: [
      {
        tenants: 48,
        suspendedTenants: 1,
        people: 131,
        days: [{ date: '2026-03-02', newTenants: 2, calls: 841, minutes: 2103.4, faults: 3 }],
      },
    ],
  });

export function presentStaff(staff: Staff): z.infer<typeof staffSchema> {
  return {
    ...staff,
    createdAt: staff.createdAt.toISOString(),
    disabledAt: staff.disabledAt?.toISOString() ?? null,
  };
}

export function presentTenant(tenant: TenantRow): z.infer<typeof tenantSchema> {
  const { id, slug, name, timeZone, currency, createdAt, suspendedAt } = tenant;
  return {
    id,
    slug,
    name,
    timeZone,
    currency,
    status: suspendedAt === null ? 'active' : 'suspended',
    createdAt: createdAt.toISOString(),
    suspendedAt: suspendedAt?.toISOString() ?? null,
  };
}

export function presentTenantDetail(tenant: TenantDetail): z.infer<typeof tenantDetailSchema> {
  return { ...presentTenant(tenant), counts: tenant.counts };
}

export function presentUser(user: PlatformUser): z.infer<typeof userSchema> {
  return {
    ...user,
    createdAt: user.createdAt.toISOString(),
    disabledAt: user.disabledAt?.toISOString() ?? null,
    memberships: user.memberships.map(({ tenantId, tenantName, role }) => ({
      tenant: { id: tenantId, name: tenantName },
      role,
    })),
  };
}
