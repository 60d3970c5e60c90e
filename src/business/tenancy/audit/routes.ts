import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Db } from '../../../platform/data/db.ts';
import { actorOf } from '../access/actor.ts';
import { reading } from '../access/responses.ts';
import { auditListQuery, auditPageSchema, presentEntry } from './schema.ts';
import { listEntries } from './service.ts';

export const auditRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/audit-log',
    {
      config: { access: { permission: 'audit-log:read' } },
      schema: {
        tags: ['Audit log'],
        summary: 'List what was changed, by whom and from where, newest first',
        querystring: auditListQuery,
        response: { 200: auditPageSchema, ...reading },
      },
    },
    async (request) => {
      const { data, nextCursor } = await listEntries(db, actorOf(request), request.query);
      return { data: data.map(presentEntry), nextCursor };
    },
  );
};
