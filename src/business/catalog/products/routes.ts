import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Db } from '../../../platform/data/db.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import * as schema from './schema.ts';
import { changeProduct, createProduct, getProduct, listProducts, removeProduct } from './service.ts';

const tags = ['Products'];
const read = { access: { permission: 'products:read' } } as const;
const write = { access: { permission: 'products:write' } } as const;

export const productRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/products',
    {
      config: read,
      schema: {
        tags,
        summary: 'List products by name',
        querystring: schema.productQuery,
        response: { 200: schema.productPageSchema, ...reading },
      },
    },
    (request) => listProducts(db, tenantOf(request), request.query, schema.presentProduct),
  );

  app.post(
    '/v1/products',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Add a product',
        body: schema.newProductSchema,
        response: { 201: schema.productSchema, ...creating },
      },
    },
    async (request, reply) => {
      const created = await createProduct(db, actorOf(request), request.body);
      return withEtag(reply.code(201), schema.presentProduct(created));
    },
  );

  app.get(
    '/v1/products/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read a product',
        params: idParams,
        response: { 200: schema.productSchema, ...reading },
      },
    },
    async (request, reply) => {
      const id = idInPath('prd', request.params.id, 'product');
      return withEtag(reply, schema.presentProduct(await getProduct(db, tenantOf(request), id)));
    },
  );

  app.patch(
    '/v1/products/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a product',
        params: idParams,
        body: schema.productChangesSchema,
        response: { 200: schema.productSchema, ...changing },
      },
    },
    async (request, reply) => {
      const id = idInPath('prd', request.params.id, 'product');
      const change = { changes: request.body, ifMatch: ifMatchOf(request) };
      return withEtag(reply, schema.presentProduct(await changeProduct(db, actorOf(request), id, change)));
    },
  );

  app.delete(
    '/v1/products/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Remove a product',
        params: idParams,
        response: { 204: schema.removedSchema, ...changing },
      },
    },
    async (request, reply) => {
      await removeProduct(db, actorOf(request), idInPath('prd', request.params.id, 'product'));
      return reply.code(204).send(null);
    },
  );
};
