import { type AnyEndpoint, rawEndpoint } from '../../tenancy/access/access.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import {
  listUsers,
  type PlatformFigures,
  platformStatistics,
  statisticsQuery,
  statisticsSchema,
  userPageSchema,
  userQuery,
} from './platform-overview.ts';
import { asStaff } from './staff-actor.ts';

const tag = 'Platform: overview';

export function overviewEndpoints({
  tenancy,
  figures,
}: {
  readonly tenancy: Tenancy;
  readonly figures: PlatformFigures;
}): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/platform/users',
      needs: 'staff',
      tag,
      summary: 'List and search the people of all businesses',
      query: userQuery,
      answers: { 200: userPageSchema },
      handle: ({ actor, query }) => asStaff(tenancy, actor, (tx) => listUsers(tx, query)),
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/platform/statistics',
      needs: 'staff',
      tag,
      summary: 'Businesses, calls, minutes and errors, by day',
      query: statisticsQuery,
      answers: { 200: statisticsSchema },
      handle: ({ actor, query, now }) =>
        asStaff(tenancy, actor, (tx) => platformStatistics(tx, figures, query, now)),
    }),
  ];
}
