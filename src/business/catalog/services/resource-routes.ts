import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Db } from '../../../platform/data/db.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import * as schema from './schema.ts';
import { changeResource, createResource, getResource, listResources, removeResource } from './resources.ts';

const tags = ['Resources'];
const read = { access: { permission: 'services:read' } } as const;
const write = { access: { permission: 'services:write' } } as const;

export const resourceRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/resources',
    {
      config: read,
      schema: {
        tags,
        summary: 'List resources (who or what performs services) by name',
        querystring: schema.resourceQuery,
        response: { 200: schema.resourcePageSchema, ...reading },
      },
    },
    (request) => listResources(db, tenantOf(request), request.query, schema.presentResource),
  );

  app.post(
    '/v1/resources',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Add a resource',
        body: schema.newResourceSchema,
        response: { 201: schema.resourceSchema, ...creating },
      },
    },
    async (request, reply) => {
      const created = await createResource(db, actorOf(request), request.body);
      return withEtag(reply.code(201), schema.presentResource(created));
    },
  );

  app.get(
    '/v1/resources/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read a resource',
        params: idParams,
        response: { 200: schema.resourceSchema, ...reading },
      },
    },
    async (request, reply) => {
      const id = idInPath('rsc', request.params.id, 'resource');
      return withEtag(reply, schema.presentResource(await getResource(db, tenantOf(request), id)));
    },
  );

  app.patch(
    '/v1/resources/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a resource',
        params: idParams,
        body: schema.resourceChangesSchema,
        response: { 200: schema.resourceSchema, ...changing },
      },
    },
    async (request, reply) => {
      const id = idInPath('rsc', request.params.id, 'resource');
      const change = { changes: request.body, ifMatch: ifMatchOf(request) };
      return withEtag(reply, schema.presentResource(await changeResource(db, actorOf(request), id, change)));
    },
  );

  app.delete(
    '/v1/resources/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Remove a resource',
        params: idParams,
        response: { 204: schema.removedSchema, ...changing },
      },
    },
    async (request, reply) => {
      await removeResource(db, actorOf(request), idInPath('rsc', request.params.id, 'resource'));
      return reply.code(204).send(null);
    },
  );
};
