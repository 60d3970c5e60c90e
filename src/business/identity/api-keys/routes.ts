import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { parseId } from '../../../platform/data/ids.ts';
import type { ApiKeyId } from '../../tenancy/references/ids.ts';
import { problemSchema } from '../../../platform/http/problem.ts';
import { actorOf } from '../../tenancy/access/actor.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import { embedSnippet } from './embed-snippet.ts';
import { endKey, getEmbeddableKey, getKey, listKeys, makeKey, usageOf } from './manage.ts';
import {
  apiKeyListQuery,
  apiKeyPageSchema,
  apiKeySchema,
  apiKeyWishSchema,
  embedQuery,
  embedSchema,
  newApiKeySchema,
  presentKey,
  usagePageSchema,
  usageQuery,
} from './schema.ts';
import type { UsageMeter } from './usage-meter.ts';

export interface ApiKeyRoutesDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly usage: Pick<UsageMeter, 'flush'>;
  readonly publicUrl: string;
}

const tags = ['API keys'];
const params = z.object({ id: z.string().max(100) });
const read = { access: { permission: 'api-keys:read' } } as const;
const write = { access: { permission: 'api-keys:write' } } as const;
const usageDays = 31;

export const apiKeyRoutes: FastifyPluginAsyncZod<ApiKeyRoutesDependencies> = async (app, dependencies) => {
  const { db, clock, usage, publicUrl } = dependencies;

  app.get(
    '/v1/api-keys',
    {
      config: read,
      schema: {
        tags,
        summary: 'List keys, newest first',
        querystring: apiKeyListQuery,
        response: { 200: apiKeyPageSchema, ...reading },
      },
    },
    async (request) => {
      const { data, nextCursor } = await listKeys(db, actorOf(request), request.query);
      return { data: data.map(presentKey), nextCursor };
    },
  );

  app.post(
    '/v1/api-keys',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Make a key',
        description: 'The key itself is in this answer and in no other.',
        body: apiKeyWishSchema,
        response: { 201: newApiKeySchema, ...creating },
      },
    },
    async (request, reply) => {
      const made = await makeKey(dependencies, actorOf(request), request.body);
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...presentKey(made), key: made.key });
    },
  );

  app.get(
    '/v1/api-keys/:id',
    {
      config: read,
      schema: { tags, summary: 'Read one key', params, response: { 200: apiKeySchema, ...reading } },
    },
    async (request) => presentKey(await getKey(db, actorOf(request), idOf(request.params.id))),
  );

  app.delete(
    '/v1/api-keys/:id',
    {
      config: { ...write, changesAccess: true },
      schema: {
        tags,
        summary: 'Revoke a key, for good',
        params,
        response: { 204: z.null(), ...changing },
      },
    },
    async (request, reply) => {
      await endKey(db, actorOf(request), idOf(request.params.id));
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/v1/api-keys/:id/embed',
    {
      config: read,
      schema: {
        tags,
        summary: 'The HTML of a chat with an agent, for a web page',
        description:
          'For a key with the scope `chat:write` alone. The key itself is put into it by you; the origin of the page has to be one of the server’s CORS_ORIGINS.',
        params,
        querystring: embedQuery,
        response: { 200: embedSchema, ...reading, 409: problemSchema },
      },
    },
    async (request) => {
      const { hint: keyHint } = await getEmbeddableKey(db, actorOf(request), idOf(request.params.id));
      return { html: embedSnippet({ publicUrl, agentId: request.query.agentId, keyHint }) };
    },
  );

  app.get(
    '/v1/api-keys/:id/usage',
    {
      config: read,
      schema: {
        tags,
        summary: 'Requests, errors and response times of a key, by day and endpoint',
        params,
        querystring: usageQuery,
        response: { 200: usagePageSchema, ...reading },
      },
    },
    async (request) => {
      // What was counted here and not written yet belongs to the answer.
      await usage.flush();
      const { until = dayOf(clock.date()), ...query } = request.query;
      const since = query.since ?? dayOf(new Date(Date.parse(until) - usageDays * 86_400_000));
      return usageOf(db, actorOf(request), idOf(request.params.id), { ...query, since, until });
    },
  );
};

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** What cannot be an id is as unknown as one that is not there. */
function idOf(text: string): ApiKeyId {
  const id = parseId('key', text);
  if (id === undefined) throw new NotFound('There is no such key.');
  return id;
}
