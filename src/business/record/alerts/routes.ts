import type { FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import type { MemberId } from '../../tenancy/references/ids.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { memberOf, tenantOf } from '../../tenancy/access/actor.ts';
import { changing, reading } from '../../tenancy/access/responses.ts';
import { alertPageSchema, alertQuery, markedSchema, presentAlert, unreadCountSchema } from './schema.ts';
import { countUnreadAlerts, listAlerts, markAlertRead, markAllAlertsRead } from './service.ts';

const tags = ['Alerts'];

export const alertRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/alerts',
    {
      config: { access: { permission: 'alerts:read' } },
      schema: {
        tags,
        summary: 'List alerts, newest first',
        querystring: alertQuery,
        response: { 200: alertPageSchema, ...reading },
      },
    },
    (request) => listAlerts(db, tenantOf(request), readerOf(request), request.query, presentAlert),
  );

  app.get(
    '/v1/alerts/unread-count',
    {
      config: { access: { permission: 'alerts:read', onlyMembers: true } },
      schema: { tags, summary: 'Count your unread alerts', response: { 200: unreadCountSchema, ...reading } },
    },
    async (request) => ({
      unread: await countUnreadAlerts(db, tenantOf(request), memberOf(request).memberId),
    }),
  );

  app.post(
    '/v1/alerts/read-all',
    {
      config: { access: { permission: 'alerts:write', onlyMembers: true } },
      schema: { tags, summary: 'Mark all as read by you', response: { 200: markedSchema, ...changing } },
    },
    async (request) => ({
      marked: await markAllAlertsRead(db, tenantOf(request), memberOf(request).memberId),
    }),
  );

  app.post(
    '/v1/alerts/:id/read',
    {
      config: { access: { permission: 'alerts:write', onlyMembers: true } },
      schema: {
        tags,
        summary: 'Mark as read by you',
        params: idParams,
        response: { 204: z.null().describe('Marked, now or before.'), ...changing },
      },
    },
    async (request, reply) => {
      const alertId = idInPath('alt', request.params.id, 'alert');
      await markAlertRead(db, tenantOf(request), memberOf(request).memberId, alertId);
      return reply.code(204).send(null);
    },
  );
};

function readerOf({ actor }: FastifyRequest): MemberId | undefined {
  return actor?.type === 'member' ? actor.memberId : undefined;
}
