import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf } from '../../tenancy/actor/actor.ts';
import { changing, creating, etagOf, ifMatchOf, reading } from '../../tenancy/access/access.ts';
import {
  contentOf,
  createEntry,
  getEntry,
  listEntries,
  removeEntry,
  resyncEntry,
  updateEntry,
} from './entry-service.ts';
import * as schema from './source.ts';

const tags = ['Knowledge'];
const read = { access: { permission: 'knowledge:read' } } as const;
const write = { access: { permission: 'knowledge:write' } } as const;
const idOf = ({ id }: { readonly id: string }) => idInPath('ken', id, 'knowledge entry');

export const knowledgeEntryRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/knowledge/entries',
    {
      config: read,
      schema: {
        tags,
        summary: 'List entries, newest first',
        querystring: schema.sourceListQuery,
        response: { 200: schema.entryPageSchema, ...reading },
      },
    },
    (request) => listEntries(db, actorOf(request), request.query),
  );

  app.post(
    '/v1/knowledge/entries',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Write down an answer or a text',
        description: 'The agent finds it by its words at once, and by its meaning a moment later.',
        body: schema.newEntrySchema,
        response: { 201: schema.entrySchema, ...creating },
      },
    },
    async (request, reply) => shown(reply.code(201), await createEntry(db, actorOf(request), request.body)),
  );

  app.get(
    '/v1/knowledge/entries/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read an entry',
        params: idParams,
        response: { 200: schema.entrySchema, ...reading },
      },
    },
    async (request, reply) => shown(reply, await getEntry(db, actorOf(request), idOf(request.params))),
  );

  app.patch(
    '/v1/knowledge/entries/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change an entry',
        description: 'Only what is named changes. Send If-Match to change only what you have read.',
        params: idParams,
        body: schema.entryChangesSchema,
        response: { 200: schema.entrySchema, ...changing },
      },
    },
    async (request, reply) => {
      const changes = { ...definedOf(request.body), ifMatch: ifMatchOf(request) };
      return shown(reply, await updateEntry(db, actorOf(request), idOf(request.params), changes));
    },
  );

  app.delete(
    '/v1/knowledge/entries/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Remove an entry',
        params: idParams,
        response: { 204: z.null(), ...changing },
      },
    },
    async (request, reply) => {
      await removeEntry(db, actorOf(request), idOf(request.params));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/v1/knowledge/entries/:id/resync',
    {
      config: write,
      schema: {
        tags,
        summary: 'Index an entry anew',
        description: 'Such as after its embedding has failed. What is there already is kept.',
        params: idParams,
        response: { 202: schema.entrySchema, ...changing },
      },
    },
    async (request, reply) =>
      shown(reply.code(202), await resyncEntry(db, actorOf(request), idOf(request.params))),
  );
};

/** The ETag stands for what people edit. */
function shown(reply: FastifyReply, entry: schema.Entry): schema.EntryView {
  reply.header('etag', etagOf(contentOf(entry)));
  return schema.presentEntry(entry);
}

/** A field that is not named is left as it is. */
function definedOf<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]: NonNullable<Fields[Name]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]: NonNullable<Fields[Name]>;
  };
}
