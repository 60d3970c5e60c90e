import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Db } from '../../../platform/data/db.ts';
import type { OrderId } from '../../tenancy/references/ids.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { etagOf, ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import * as schema from './schema.ts';
import { changeOrder, getOrder, listOrderEntries, listOrders } from './service.ts';
import { takeOrder } from './take-order.ts';

const tags = ['Orders'];
const read = { access: { permission: 'orders:read' } } as const;
const write = { access: { permission: 'orders:write' } } as const;

export const orderRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/orders',
    {
      config: read,
      schema: {
        tags,
        summary: 'List orders, newest first',
        querystring: schema.orderQuery,
        response: { 200: schema.orderPageSchema, ...reading },
      },
    },
    (request) => listOrders(db, tenantOf(request), request.query, schema.presentOrder),
  );

  app.post(
    '/v1/orders',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Place an order',
        description: 'Names and prices are copied from the catalogue, and the total is computed here.',
        body: schema.newOrderSchema,
        response: { 201: schema.orderSchema, ...creating },
      },
    },
    async (request, reply) => {
      const order = await takeOrder(db, actorOf(request), request.body);
      return withEtag(reply.code(201), schema.presentOrder(order));
    },
  );

  app.get(
    '/v1/orders/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read an order with its history',
        description: 'The ETag is the order’s own, for If-Match when it is changed.',
        params: idParams,
        response: { 200: schema.orderDetailSchema, ...reading },
      },
    },
    async (request, reply) => {
      const id = orderIdOf(request.params);
      const order = await getOrder(db, tenantOf(request), { id });
      reply.header('etag', etagOf(schema.presentOrder(order)));
      return schema.presentDetail(order, await listOrderEntries(db, tenantOf(request), id));
    },
  );

  app.patch(
    '/v1/orders/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Move an order along, or correct its note and address',
        params: idParams,
        body: schema.orderChangesSchema,
        response: { 200: schema.orderSchema, ...changing },
      },
    },
    async (request, reply) => {
      const change = { ...request.body, id: orderIdOf(request.params), ifMatch: ifMatchOf(request) };
      return withEtag(reply, schema.presentOrder(await changeOrder(db, actorOf(request), change)));
    },
  );

  app.post(
    '/v1/orders/:id/cancel',
    {
      config: write,
      schema: {
        tags,
        summary: 'Cancel an order that is not on its way',
        params: idParams,
        body: schema.cancellationSchema,
        response: { 200: schema.orderSchema, ...changing },
      },
    },
    async (request, reply) => {
      const order = await changeOrder(db, actorOf(request), {
        ...request.body,
        status: 'cancelled',
        id: orderIdOf(request.params),
        ifMatch: ifMatchOf(request),
      });
      return withEtag(reply, schema.presentOrder(order));
    },
  );
};

function orderIdOf({ id }: { readonly id: string }): OrderId {
  return idInPath('ord', id, 'order');
}
