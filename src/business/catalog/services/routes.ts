import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Db } from '../../../platform/data/db.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import * as schema from './schema.ts';
import {
  changeService,
  createService,
  getOfferedService,
  listOfferedServices,
  removeService,
} from './service.ts';

const tags = ['Services'];
const read = { access: { permission: 'services:read' } } as const;
const write = { access: { permission: 'services:write' } } as const;

export const serviceRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/services',
    {
      config: read,
      schema: {
        tags,
        summary: 'List services by name',
        querystring: schema.serviceQuery,
        response: { 200: schema.servicePageSchema, ...reading },
      },
    },
    (request) => listOfferedServices(db, tenantOf(request), request.query, schema.presentService),
  );

  app.post(
    '/v1/services',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Add a service',
        body: schema.newServiceSchema,
        response: { 201: schema.serviceSchema, ...creating },
      },
    },
    async (request, reply) => {
      const created = await createService(db, actorOf(request), request.body);
      return withEtag(reply.code(201), schema.presentService(created));
    },
  );

  app.get(
    '/v1/services/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read a service',
        params: idParams,
        response: { 200: schema.serviceSchema, ...reading },
      },
    },
    async (request, reply) => {
      const id = idInPath('svc', request.params.id, 'service');
      return withEtag(reply, schema.presentService(await getOfferedService(db, tenantOf(request), id)));
    },
  );

  app.patch(
    '/v1/services/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a service',
        params: idParams,
        body: schema.serviceChangesSchema,
        response: { 200: schema.serviceSchema, ...changing },
      },
    },
    async (request, reply) => {
      const id = idInPath('svc', request.params.id, 'service');
      const change = { changes: request.body, ifMatch: ifMatchOf(request) };
      return withEtag(reply, schema.presentService(await changeService(db, actorOf(request), id, change)));
    },
  );

  app.delete(
    '/v1/services/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Remove a service',
        params: idParams,
        response: { 204: schema.removedSchema, ...changing },
      },
    },
    async (request, reply) => {
      await removeService(db, actorOf(request), idInPath('svc', request.params.id, 'service'));
      return reply.code(204).send(null);
    },
  );
};
