import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Db } from '../../../platform/data/db.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, reading } from '../../tenancy/access/responses.ts';
import { companyChangesSchema, companySchema, presentCompany } from './schema.ts';
import { getCompany, updateCompany } from './service.ts';

export const companyRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/company',
    {
      config: { access: { permission: 'company:read' } },
      schema: {
        tags: ['Company'],
        summary: 'Read the profile',
        response: { 200: companySchema, ...reading },
      },
    },
    async (request, reply) => withEtag(reply, presentCompany(await getCompany(db, tenantOf(request)))),
  );

  app.patch(
    '/v1/company',
    {
      config: { access: { permission: 'company:write' } },
      schema: {
        tags: ['Company'],
        summary: 'Change the profile',
        description: 'Only what is named changes. Opening hours and bookings are read in the time zone.',
        body: companyChangesSchema,
        response: { 200: companySchema, ...changing },
      },
    },
    async (request, reply) => {
      const company = await updateCompany(db, actorOf(request), request.body, ifMatchOf(request));
      return withEtag(reply, presentCompany(company));
    },
  );
};
