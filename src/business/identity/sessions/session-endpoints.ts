import { z } from 'zod';
import { pageQuery } from '../../../platform/data/paging.ts';
import { type AnyEndpoint, pathId, rawEndpoint } from '../../tenancy/access/access.ts';
import { memberOrRefused } from '../../tenancy/actor/actor.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import { endedSessionsSchema, sessionPageSchema } from './session.ts';
import { endOtherSessions, endOwnSession, listSessions } from './session-service.ts';

const tag = 'Sessions';

/** Raw, because a person has sessions in several businesses. */
export function sessionEndpoints({ tenancy }: { readonly tenancy: Tenancy }): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/sessions',
      needs: 'signed-in',
      tag,
      summary: 'List where you are signed in',
      query: pageQuery,
      answers: { 200: sessionPageSchema },
      handle({ actor, query, now }) {
        const member = memberOrRefused(actor);
        return tenancy.system((tx) => listSessions(tx, member, query, now));
      },
    }),
    rawEndpoint({
      method: 'DELETE',
      path: '/v1/sessions/:id',
      needs: 'signed-in',
      changesAccess: true,
      tag,
      summary: 'End one of your sessions',
      params: { id: pathId('ses', 'session') },
      answers: { 204: z.null() },
      handle({ actor, params, now }) {
        const member = memberOrRefused(actor);
        const ending = { sessionId: params.id, reason: 'ended' } as const;
        return tenancy.system((tx) => endOwnSession(tx, member, ending, now));
      },
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/sessions/end-others',
      needs: 'signed-in',
      changesAccess: true,
      tag,
      summary: 'End all your sessions but this one',
      answers: { 200: endedSessionsSchema },
      async handle({ actor, now }) {
        const member = memberOrRefused(actor);
        return { ended: await tenancy.system((tx) => endOtherSessions(tx, member, now)) };
      },
    }),
  ];
}
