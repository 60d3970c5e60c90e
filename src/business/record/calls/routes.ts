import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import { pageQuery } from '../../../platform/data/paging.ts';
import type { Storage } from '../../../platform/data/storage.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { changing, reading } from '../../tenancy/access/responses.ts';
import { callIdOf, callParams as params, tags } from './call-id.ts';
import { deleteCall } from './delete-call.ts';
import {
  callDetailSchema,
  callEventPageSchema,
  callListQuery,
  callPageSchema,
  callStatsSchema,
  callSummarySchema,
  presentCall,
  presentDetail,
  presentEvent,
  presentPage,
  presentStats,
  presentTurn,
  recentQuery,
  statsQuery,
  transcriptSchema,
} from './schema.ts';
import { getCall, listCallEvents, listCalls } from './service.ts';
import { callStats } from './stats.ts';
import { transcriptAsText } from './transcript-text.ts';

export interface CallRoutesDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly storage: Pick<Storage, 'remove'>;
}

const read = { access: { permission: 'calls:read' } } as const;
const write = { access: { permission: 'calls:write' } } as const;

/** The record of calls, read by programs and by the console. */
export const callRoutes: FastifyPluginAsyncZod<CallRoutesDependencies> = async (app, dependencies) => {
  const { db, clock } = dependencies;

  app.get(
    '/v1/calls',
    {
      config: read,
      schema: {
        tags,
        summary: 'List calls, newest first',
        querystring: callListQuery,
        response: { 200: callPageSchema, ...reading },
      },
    },
    async (request) => presentPage(await listCalls(db, tenantOf(request), request.query)),
  );

  app.get(
    '/v1/calls/recent',
    {
      config: read,
      schema: {
        tags,
        summary: 'The latest calls',
        querystring: recentQuery,
        response: { 200: z.object({ data: z.array(callSummarySchema) }), ...reading },
      },
    },
    async (request) => {
      const { calls } = await listCalls(db, tenantOf(request), request.query);
      return { data: calls.map(presentCall) };
    },
  );

  app.get(
    '/v1/calls/stats',
    {
      config: read,
      schema: {
        tags,
        summary: 'Figures of the calls of a range',
        description: 'The last 30 days where nothing else is asked for; at most 92 days at once.',
        querystring: statsQuery,
        response: { 200: callStatsSchema, ...reading },
      },
    },
    async (request) =>
      presentStats(await callStats(db, tenantOf(request), { now: clock.date(), ...request.query })),
  );

  app.get(
    '/v1/calls/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read one call, with its transcript',
        params,
        response: { 200: callDetailSchema, ...reading },
      },
    },
    async (request) => presentDetail(await getCall(db, tenantOf(request), callIdOf(request.params.id))),
  );

  app.get(
    '/v1/calls/:id/transcript',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read what was said, as it was heard',
        description: 'Tool calls stand in their place. With `Accept: text/plain` it comes as text to read.',
        params,
        response: { 200: transcriptSchema, ...reading },
      },
    },
    async (request, reply) => {
      const { id, transcript } = await getCall(db, tenantOf(request), callIdOf(request.params.id));
      void reply.header('vary', 'accept');
      if (!isTextWanted(request.headers.accept)) {
        return { callId: id, turns: transcript.map(presentTurn) };
      }
      return sendText(reply, transcriptAsText(transcript));
    },
  );

  app.get(
    '/v1/calls/:id/events',
    {
      config: read,
      schema: {
        tags,
        summary: 'List everything on record of a call, in order',
        params,
        querystring: pageQuery,
        response: { 200: callEventPageSchema, ...reading },
      },
    },
    async (request) => {
      const callId = callIdOf(request.params.id);
      const { data, nextCursor } = await listCallEvents(db, tenantOf(request), callId, request.query);
      return { data: data.map(presentEvent), nextCursor };
    },
  );

  app.delete(
    '/v1/calls/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Delete a call that is over: its record, transcript and audio',
        description: 'What remains is an entry in the audit log, and its part in the totals.',
        params,
        response: { 204: z.null(), ...changing },
      },
    },
    async (request, reply) => {
      await deleteCall(dependencies, actorOf(request), callIdOf(request.params.id));
      return reply.code(204).send(null);
    },
  );
};

/** As bytes, so that no serializer quotes it. */
function sendText(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('text/plain; charset=utf-8').send(Buffer.from(text));
}

/** Plain text where it is named and JSON is not. */
function isTextWanted(accept: string | undefined): boolean {
  return accept !== undefined && /\btext\/plain\b/.test(accept) && !/\bapplication\/json\b/.test(accept);
}
