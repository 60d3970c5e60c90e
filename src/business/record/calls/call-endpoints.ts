import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { pageQuery } from '../../../platform/data/paging.ts';
import { tenantActor } from '../../tenancy/actor/actor.ts';
import {
  type AnyEndpoint,
  endpoint,
  pathId,
  rawEndpoint,
  restResource,
} from '../../tenancy/access/access.ts';
import { deleteCall, type DeleteCallDependencies } from './delete-call.ts';
import {
  callDetailSchema,
  callEventPageSchema,
  callListQuery,
  callPageSchema,
  recentCallsSchema,
  recentQuery,
  transcriptSchema,
} from './call.ts';
import { presentCall, presentDetail, presentPage, presentTurn } from './present-call.ts';
import { getCall, listCallEvents, listCalls } from './call-service.ts';
import { callStats, callStatsSchema, statsQuery } from './figures/figures.ts';
import { transcriptAsText } from './transcript-text.ts';

const tag = 'Calls';
const id = pathId('call', 'call');
const calls = restResource({ path: '/v1/calls', id, tag, permission: 'calls', row: callDetailSchema });

const transcriptText = `[00:00] Agent: Harbour Street Cycles, this is Robin. How can I help?
[00:04] Caller: Can you look at my brakes on Tuesday?
[00:07] (find_free_slots: ok)
[00:08] Agent: Tuesday at ten is free.
`;

/** The record of calls, read by programs and by the console. */
export function callEndpoints(dependencies: DeleteCallDependencies): readonly AnyEndpoint[] {
  return [
    calls.list('List calls, newest first', {
      query: callListQuery,
      page: callPageSchema,
      handle: async (tx, query) => presentPage(await listCalls(tx, query)),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/calls/recent',
      needs: 'calls:read',
      tag,
      summary: 'The latest calls',
      query: recentQuery,
      answers: { 200: recentCallsSchema },
      handle: async ({ tx, query }) => ({ data: (await listCalls(tx, query)).calls.map(presentCall) }),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/calls/stats',
      needs: 'calls:read',
      tag,
      summary: 'Figures of the calls of a range',
      description: 'The last 30 days where nothing else is asked for; at most 92 days at once.',
      query: statsQuery,
      answers: { 200: callStatsSchema },
      handle: ({ tx, query, now }) => callStats(tx, { now, ...query }),
    }),
    calls.read('Read one call, with its transcript', {
      handle: async (tx, callId) => presentDetail(await getCall(tx, callId)),
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/calls/:id/transcript',
      needs: 'calls:read',
      tag,
      summary: 'Read what was said, as it was heard',
      description: 'Tool calls stand in their place. With `Accept: text/plain` it comes as text to read.',
      params: { id },
      answers: { 200: transcriptSchema },
      media: ['application/json', { text: 'text/plain', example: transcriptText }],
      async handle({ actor, params, request, reply }) {
        const { transcript } = await dependencies.tenancy.run(tenantActor(actor), (tx) =>
          getCall(tx, params.id),
        );
        void reply.header('vary', 'accept');
        if (isTextWanted(request.headers.accept)) return sendText(reply, transcriptAsText(transcript));
        return { callId: params.id, turns: transcript.map(presentTurn) };
      },
    }),
    calls.listOf('events', 'List everything on record of a call, in order', {
      query: pageQuery,
      page: callEventPageSchema,
      handle: listCallEvents,
    }),
    rawEndpoint({
      method: 'DELETE',
      path: '/v1/calls/:id',
      needs: 'calls:write',
      tag,
      summary: 'Delete a call that is over: its record, transcript and audio',
      description: 'What remains is an entry in the audit log, and its part in the totals.',
      params: { id },
      answers: { 204: z.null() },
      handle: ({ actor, params }) => deleteCall(dependencies, tenantActor(actor), params.id),
    }),
  ];
}

/** As bytes, so that no serializer quotes it. */
function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('text/plain; charset=utf-8').send(Buffer.from(text));
}

/** Plain text where it is named and JSON is not. */
function isTextWanted(accept: string | undefined): boolean {
  return accept !== undefined && /\btext\/plain\b/.test(accept) && !/\bapplication\/json\b/.test(accept);
}
