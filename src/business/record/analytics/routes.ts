import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import { tenantOf } from '../../tenancy/access/actor.ts';
import { reading } from '../../tenancy/access/responses.ts';
import {
  analyticsQuery,
  analyticsSchema,
  dashboardQuery,
  dashboardSchema,
  presentAnalytics,
  presentDashboard,
} from './schema.ts';
import { analyse, readDashboard } from './service.ts';

const USUAL_RANGE_MS = 30 * 86_400_000;
const config = { access: { permission: 'analytics:read' } } as const;
const tags = ['Analytics'];

export const analyticsRoutes: FastifyPluginAsyncZod<{ readonly db: Db; readonly clock: Clock }> = async (
  app,
  { db, clock },
) => {
  app.get(
    '/v1/dashboard',
    {
      config,
      schema: {
        tags,
        summary: 'The business at a glance, with the trend',
        querystring: dashboardQuery,
        response: { 200: dashboardSchema, ...reading },
      },
    },
    async (request) =>
      presentDashboard(
        await readDashboard(db, tenantOf(request), { now: clock.date(), days: request.query.days }),
      ),
  );

  app.get(
    '/v1/analytics',
    {
      config,
      schema: {
        tags,
        summary: 'When calls come, what they are about, what came of them and what they cost',
        querystring: analyticsQuery,
        response: { 200: analyticsSchema, ...reading },
      },
    },
    async (request) => {
      const { to = clock.date() } = request.query;
      const { from = new Date(to.getTime() - USUAL_RANGE_MS) } = request.query;
      return presentAnalytics(await analyse(db, tenantOf(request), { from, to }));
    },
  );
};
