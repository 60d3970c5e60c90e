import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { NotFound } from '../../../platform/process/errors.ts';
import { parseId, type TenantId } from '../../../platform/data/ids.ts';
import type { StaffId } from '../../tenancy/references/ids.ts';
import { decodeCursor, toPage } from '../../../platform/data/paging.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import { addressLimits, clientOf } from '../auth/auth.ts';
import { asOneself } from './as-oneself.ts';
import {
  createStaff,
  disableStaff,
  listStaff,
  signInStaff,
  signOutStaff,
  type StaffDependencies,
} from './accounts.ts';
import { endImpersonation, startImpersonation } from './impersonation.ts';
import {
  getTenantDetail,
  listTenants,
  listUsers,
  platformStatistics,
  restoreTenant,
  suspendTenant,
} from './overview.ts';
import * as schema from './schema.ts';

const params = z.object({ id: z.string().max(100) });
const staffOnly = { access: 'staff' } as const;
const changesAccess = { ...staffOnly, changesAccess: true } as const;
const keySchema = z.tuple([z.string().max(100)]);

/** For the platform's own people, who are members of nothing. */
export const platformRoutes: FastifyPluginAsyncZod<StaffDependencies> = async (app, dependencies) => {
  await app.register(accountRoutes, dependencies);
  await app.register(tenantRoutes, dependencies);
  await app.register(overviewRoutes, dependencies);
};

const accountRoutes: FastifyPluginAsyncZod<StaffDependencies> = async (app, dependencies) => {
  const tags = ['Platform: staff'];

  app.post(
    '/v1/platform/auth/sign-in',
    {
      config: { access: 'public', rateLimit: addressLimits.signIn },
      schema: {
        tags,
        summary: 'Sign in as one of the platform’s staff',
        body: schema.staffSignInSchema,
        response: { 200: schema.staffSignedInSchema, ...reading },
      },
    },
    async (request) => {
      const { accessToken, expiresAt, staff } = await signInStaff(
        dependencies,
        request.body,
        clientOf(request),
      );
      return {
        tokenType: 'Bearer' as const,
        accessToken,
        expiresAt: expiresAt.toISOString(),
        staff: schema.presentStaff(staff),
      };
    },
  );

  app.post(
    '/v1/platform/auth/sign-out',
    {
      config: changesAccess,
      schema: {
        tags,
        summary: 'End this session, and every impersonation begun in it',
        response: { 204: z.null(), ...changing },
      },
    },
    async (request, reply) => {
      await signOutStaff(dependencies, asOneself(request));
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/platform/staff',
    {
      config: staffOnly,
      schema: {
        tags,
        summary: 'List the platform’s staff',
        querystring: schema.tenantQuery.pick({ limit: true, cursor: true }),
        response: { 200: schema.staffPageSchema, ...reading },
      },
    },
    async (request) => {
      asOneself(request);
      const { limit, cursor } = request.query;
      const rows = await listStaff(dependencies.db, { limit: limit + 1, after: keyIn(cursor) });
      return toPage(rows, limit, ({ id }) => [id], schema.presentStaff);
    },
  );

  app.post(
    '/v1/platform/staff',
    {
      config: staffOnly,
      schema: {
        tags,
        summary: 'Make an account for a colleague',
        body: schema.newStaffSchema,
        response: { 201: schema.staffSchema, ...creating },
      },
    },
    async (request, reply) => {
      const staff = await createStaff(dependencies, asOneself(request), request.body);
      return reply.code(201).send(schema.presentStaff(staff));
    },
  );

  app.post(
    '/v1/platform/staff/:id/disable',
    {
      config: changesAccess,
      schema: {
        tags,
        summary: 'Close a colleague’s account; his sessions end',
        params,
        response: { 200: schema.staffSchema, ...changing },
      },
    },
    async (request) => {
      const staffId: StaffId | undefined = parseId('stf', request.params.id);
      if (staffId === undefined) throw new NotFound('There is no such member of the staff.');
      return schema.presentStaff(await disableStaff(dependencies, asOneself(request), staffId));
    },
  );
};

const tenantRoutes: FastifyPluginAsyncZod<StaffDependencies> = async (app, dependencies) => {
  const { db, clock } = dependencies;
  const tags = ['Platform: tenants'];

  app.get(
    '/v1/platform/tenants',
    {
      config: staffOnly,
      schema: {
        tags,
        summary: 'List and search the businesses of the platform',
        querystring: schema.tenantQuery,
        response: { 200: schema.tenantPageSchema, ...reading },
      },
    },
    async (request) => {
      asOneself(request);
      const { limit, cursor, ...filter } = request.query;
      const rows = await listTenants(db, { ...filter, limit: limit + 1, before: keyIn(cursor) });
      return toPage(rows, limit, ({ id }) => [id], schema.presentTenant);
    },
  );

  app.get(
    '/v1/platform/tenants/:id',
    {
      config: staffOnly,
      schema: {
        tags,
        summary: 'Read one business, with what it has',
        params,
        response: { 200: schema.tenantDetailSchema, ...reading },
      },
    },
    async (request) => {
      asOneself(request);
      return schema.presentTenantDetail(await getTenantDetail(db, tenantIn(request.params.id), clock.date()));
    },
  );

  app.post(
    '/v1/platform/tenants/:id/suspend',
    {
      config: changesAccess,
      schema: {
        tags,
        summary: 'Suspend a business: nobody signs in, its API refuses, its line says so',
        params,
        body: schema.reasonSchema,
        response: { 200: schema.tenantSchema, ...changing },
      },
    },
    async (request) => {
      const input = { tenantId: tenantIn(request.params.id), reason: request.body.reason, now: clock.date() };
      return schema.presentTenant(await suspendTenant(db, asOneself(request), input));
    },
  );

  app.post(
    '/v1/platform/tenants/:id/restore',
    {
      config: changesAccess,
      schema: {
        tags,
        summary: 'Restore a suspended business; everything is as it was',
        params,
        body: schema.reasonSchema,
        response: { 200: schema.tenantSchema, ...changing },
      },
    },
    async (request) => {
      const input = { tenantId: tenantIn(request.params.id), reason: request.body.reason };
      return schema.presentTenant(await restoreTenant(db, asOneself(request), input));
    },
  );

  app.post(
    '/v1/platform/tenants/:id/impersonate',
    {
      config: staffOnly,
      schema: {
        tags,
        summary: 'Act in a business’s place for a while; every request is in its audit log',
        params,
        body: schema.impersonationRequestSchema,
        response: { 201: schema.impersonationSchema, ...creating },
      },
    },
    async (request, reply) => {
      const input = { tenantId: tenantIn(request.params.id), ...request.body };
      const started = await startImpersonation(dependencies, asOneself(request), input);
      return reply.code(201).send({
        id: started.id,
        tenant: { id: started.tenantId, name: started.tenantName },
        tokenType: 'Bearer',
        accessToken: started.accessToken,
        expiresAt: started.expiresAt.toISOString(),
      });
    },
  );

  app.post(
    '/v1/platform/impersonations/:id/end',
    {
      config: changesAccess,
      schema: {
        tags,
        summary: 'End an impersonation of yours before its time',
        params,
        response: { 204: z.null(), ...changing },
      },
    },
    async (request, reply) => {
      await endImpersonation(dependencies, asOneself(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
};

const overviewRoutes: FastifyPluginAsyncZod<StaffDependencies> = async (app, { db, clock }) => {
  const tags = ['Platform: overview'];

  app.get(
    '/v1/platform/users',
    {
      config: staffOnly,
      schema: {
        tags,
        summary: 'List and search the people of all businesses',
        querystring: schema.userQuery,
        response: { 200: schema.userPageSchema, ...reading },
      },
    },
    async (request) => {
      asOneself(request);
      const { limit, cursor, ...filter } = request.query;
      const rows = await listUsers(db, { ...filter, limit: limit + 1, before: keyIn(cursor) });
      return toPage(rows, limit, ({ id }) => [id], schema.presentUser);
    },
  );

  app.get(
    '/v1/platform/statistics',
    {
      config: staffOnly,
      schema: {
        tags,
        summary: 'Businesses, calls, minutes and errors, by day',
        querystring: schema.statisticsQuery,
        response: { 200: schema.statisticsSchema, ...reading },
      },
    },
    async (request) => {
      asOneself(request);
      const statistics = await platformStatistics(db, request.query, clock.date());
      return { ...statistics, days: [...statistics.days] };
    },
  );
};

/** What cannot be an id is as unknown as one that is not there. */
function tenantIn(text: string): TenantId {
  const tenantId = parseId('tnt', text);
  if (tenantId === undefined) throw new NotFound('There is no such business.');
  return tenantId;
}

function keyIn(cursor: string | undefined): string | undefined {
  return cursor === undefined ? undefined : decodeCursor(cursor, keySchema)[0];
}
