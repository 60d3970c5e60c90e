import { endpoint } from '../../tenancy/access/access.ts';
import { analyticsQuery, analyticsSchema, dashboardQuery, dashboardSchema } from './analytics-schema.ts';
import { analyse, readDashboard } from './analytics-service.ts';

const usualRangeMs = 30 * 86_400_000;
const tag = 'Analytics';

export const analyticsEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/dashboard',
    needs: 'analytics:read',
    tag,
    summary: 'The business at a glance, with the trend',
    query: dashboardQuery,
    answers: { 200: dashboardSchema },
    handle: ({ tx, query, now }) => readDashboard(tx, { now, days: query.days }),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/analytics',
    needs: 'analytics:read',
    tag,
    summary: 'When calls come, what they are about, what came of them and what they cost',
    query: analyticsQuery,
    answers: { 200: analyticsSchema },
    handle({ tx, query, now }) {
      const { to = now } = query;
      const { from = new Date(to.getTime() - usualRangeMs) } = query;
      return analyse(tx, { from, to });
    },
  }),
];
