import { z } from 'zod';
import { endpoint, pathId } from '../../tenancy/access/access.ts';
import { memberOrRefused } from '../../tenancy/actor/actor.ts';
import { alertPageSchema, alertQuery, markedSchema, unreadCountSchema } from './alert.ts';
import { countUnreadAlerts, listAlerts, markAlertRead, markAllAlertsRead } from './alert-service.ts';

const tag = 'Alerts';

export const alertEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/alerts',
    needs: 'alerts:read',
    tag,
    summary: 'List alerts, newest first',
    query: alertQuery,
    answers: { 200: alertPageSchema },
    handle: ({ tx, actor, query }) =>
      listAlerts(tx, actor.type === 'member' ? actor.memberId : undefined, query),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/alerts/unread-count',
    needs: { permission: 'alerts:read', onlyMembers: true },
    tag,
    summary: 'Count your unread alerts',
    answers: { 200: unreadCountSchema },
    handle: async ({ tx, actor }) => ({
      unread: await countUnreadAlerts(tx, memberOrRefused(actor).memberId),
    }),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/alerts/read-all',
    needs: { permission: 'alerts:write', onlyMembers: true },
    tag,
    summary: 'Mark all as read by you',
    answers: { 200: markedSchema },
    handle: async ({ tx, actor }) => ({
      marked: await markAllAlertsRead(tx, memberOrRefused(actor).memberId),
    }),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/alerts/:id/read',
    needs: { permission: 'alerts:write', onlyMembers: true },
    tag,
    summary: 'Mark as read by you',
    params: { id: pathId('alt', 'alert') },
    answers: { 204: z.null().describe('Marked, now or before.') },
    handle: ({ tx, actor, params }) => markAlertRead(tx, memberOrRefused(actor).memberId, params.id),
  }),
];
