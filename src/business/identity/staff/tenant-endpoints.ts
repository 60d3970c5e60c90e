import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { instant, searchText } from '../../../platform/http/rest-values.ts';
import { type AnyEndpoint, pathId, rawEndpoint, type SessionTokens } from '../../tenancy/access/access.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import {
  getListedTenant,
  type ListedTenant,
  listTenants,
  restoreTenant,
  suspendTenant,
} from '../../tenancy/tenants/tenants.ts';
import { countActiveMembers } from '../members/members.ts';
import {
  endImpersonation,
  impersonationSchema,
  longestImpersonationMinutes,
  startImpersonation,
} from './impersonation.ts';
import type { PlatformFigures } from './platform-overview.ts';
import { asStaff, staffOrRefused } from './staff-actor.ts';

export interface TenantEndpointDependencies {
  readonly tenancy: Tenancy;
  readonly tokens: SessionTokens;
  readonly figures: PlatformFigures;
}

const tag = 'Platform: tenants';
const recentMs = 30 * 24 * 3_600_000;
const reason = z.string().trim().min(5).max(500).describe('Goes on record.');
const status = z.enum(['active', 'suspended']);

const tenantQuery = z.object({
  ...pageQuery.shape,
  search: searchText(100).optional().describe('How the name or the slug begins.'),
  status: status.optional(),
});

const fields = {
  id: idOf('tnt'),
  slug: z.string(),
  name: z.string(),
  timeZone: z.string(),
  currency: z.string(),
  status,
  createdAt: instant,
  suspendedAt: instant.nullable(),
};

const example = {
  id: 'tnt_01k9zt5w3pe0wsh7v6n0gq5m8z',
  slug: 'harbour-street-cycles-k3f9xq',
  name: 'Harbour Street Cycles',
  timeZone: 'America/New_York',
  currency: 'USD',
  status: 'active',
  createdAt: '2026-03-02T09:00:00.000Z',
  suspendedAt: null,
};

const tenantSchema = z.object(fields).meta({ id: 'PlatformTenant', examples: [example] });

const tenantPageSchema = pageOf(tenantSchema).meta({ id: 'PlatformTenantPage' });

const tenantDetailSchema = z
  .object({
    ...fields,
    counts: z.object({
      members: z.number().int(),
      agents: z.number().int(),
      phoneNumbers: z.number().int(),
      recentCalls: z.number().int().describe('Of the last 30 days.'),
    }),
  })
  .meta({
    id: 'PlatformTenantDetail',
    examples: [{ ...example, counts: { members: 4, agents: 2, phoneNumbers: 1, recentCalls: 312 } }],
  });

const reasonSchema = z
  .object({ reason })
  .meta({ id: 'StaffReason', examples: [{ reason: 'Invoices unpaid for 60 days' }] });

const impersonationRequestSchema = z
  .object({
    reason,
    minutes: z.number().int().min(1).max(longestImpersonationMinutes).default(longestImpersonationMinutes),
  })
  .meta({
    id: 'ImpersonationRequest',
    examples: [{ reason: 'Ticket 4711: greeting is not played', minutes: 15 }],
  });

const params = { id: pathId('tnt', 'business') };

export function tenantEndpoints(dependencies: TenantEndpointDependencies): readonly AnyEndpoint[] {
  return [
    ...readingEndpoints(dependencies),
    ...suspendingEndpoints(dependencies),
    ...impersonationEndpoints(dependencies),
  ];
}

function readingEndpoints({ tenancy, figures }: TenantEndpointDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/platform/tenants',
      needs: 'staff',
      tag,
      summary: 'List and search the businesses of the platform',
      query: tenantQuery,
      answers: { 200: tenantPageSchema },
      handle: ({ actor, query }) =>
        asStaff(tenancy, actor, async (tx) => {
          const { data, nextCursor } = await listTenants(tx, query);
          return { data: data.map(withStatus), nextCursor };
        }),
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/platform/tenants/:id',
      needs: 'staff',
      tag,
      summary: 'Read one business, with what it has',
      params,
      answers: { 200: tenantDetailSchema },
      handle: ({ actor, params: { id }, now }) =>
        asStaff(tenancy, actor, async (tx) => ({
          ...withStatus(await getListedTenant(tx, id)),
          counts: {
            members: await countActiveMembers(tx, id),
            ...(await figures.countInTenant(tx, id, new Date(now.getTime() - recentMs))),
          },
        })),
    }),
  ];
}

function suspendingEndpoints({ tenancy }: TenantEndpointDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/tenants/:id/suspend',
      needs: 'staff',
      changesAccess: true,
      tag,
      summary: 'Suspend a business: nobody signs in, its API refuses, its line says so',
      params,
      body: reasonSchema,
      answers: { 200: tenantSchema },
      handle: ({ actor, params: { id: tenantId }, body, now }) =>
        asStaff(tenancy, actor, async (tx, staff) =>
          withStatus(await suspendTenant(tx, staff, { tenantId, ...body }, now)),
        ),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/tenants/:id/restore',
      needs: 'staff',
      changesAccess: true,
      tag,
      summary: 'Restore a suspended business; everything is as it was',
      params,
      body: reasonSchema,
      answers: { 200: tenantSchema },
      handle: ({ actor, params: { id: tenantId }, body }) =>
        asStaff(tenancy, actor, async (tx, staff) =>
          withStatus(await restoreTenant(tx, staff, { tenantId, ...body })),
        ),
    }),
  ];
}

function impersonationEndpoints(dependencies: TenantEndpointDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/tenants/:id/impersonate',
      needs: 'staff',
      noStore: true,
      tag,
      summary: 'Act in a business’s place for a while; every request is in its audit log',
      params,
      body: impersonationRequestSchema,
      answers: { 201: impersonationSchema },
      handle({ actor, params: { id: tenantId }, body, now }) {
        return startImpersonation(dependencies, staffOrRefused(actor), { tenantId, ...body }, now);
      },
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/impersonations/:id/end',
      needs: 'staff',
      changesAccess: true,
      tag,
      summary: 'End an impersonation of yours before its time',
      params: { id: pathId('imp', 'impersonation going on') },
      answers: { 204: z.null() },
      handle: ({ actor, params: { id }, now }) =>
        asStaff(dependencies.tenancy, actor, (tx, staff) => endImpersonation(tx, staff, id, now)),
    }),
  ];
}

function withStatus(tenant: ListedTenant): z.output<typeof tenantSchema> {
  return { ...tenant, status: tenant.suspendedAt === null ? 'active' : 'suspended' };
}
