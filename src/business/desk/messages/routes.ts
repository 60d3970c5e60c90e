import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, reading } from '../../tenancy/access/responses.ts';
import * as schema from './schema.ts';
import { changeMessage, getMessage, pageMessages } from './service.ts';

const tags = ['Messages'];

/** What callers want the business to be told. Messages are taken on the line, and only looked after here. */
export const messageRoutes: FastifyPluginAsyncZod<{ readonly db: Db; readonly clock: Clock }> = async (
  app,
  { db, clock },
) => {
  app.get(
    '/v1/messages',
    {
      config: { access: { permission: 'messages:read' } },
      schema: {
        tags,
        summary: 'List messages, newest first',
        querystring: schema.messageQuery,
        response: { 200: schema.messagePageSchema, ...reading },
      },
    },
    (request) => pageMessages(db, tenantOf(request), request.query, schema.presentMessage),
  );

  app.get(
    '/v1/messages/:id',
    {
      config: { access: { permission: 'messages:read' } },
      schema: {
        tags,
        summary: 'Read a message',
        params: idParams,
        response: { 200: schema.messageSchema, ...reading },
      },
    },
    async (request, reply) => {
      const id = idInPath('msg', request.params.id, 'message');
      return withEtag(reply, schema.presentMessage(await getMessage(db, tenantOf(request), id)));
    },
  );

  app.patch(
    '/v1/messages/:id',
    {
      config: { access: { permission: 'messages:write' } },
      schema: {
        tags,
        summary: 'Mark a message as handled or not, or give it to a member',
        params: idParams,
        body: schema.messageChangesSchema,
        response: { 200: schema.messageSchema, ...changing },
      },
    },
    async (request, reply) => {
      const id = idInPath('msg', request.params.id, 'message');
      const change = { changes: request.body, ifMatch: ifMatchOf(request), now: clock.date() };
      return withEtag(reply, schema.presentMessage(await changeMessage(db, actorOf(request), id, change)));
    },
  );
};
