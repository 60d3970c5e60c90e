import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Clock } from '../../platform/process/clock.ts';
import type { Db } from '../../platform/data/db.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';
import { pageQuery } from '../../platform/data/paging.ts';
import { idInPath, idParams as params } from '../../platform/http/rest-ids.ts';
import type { Storage } from '../../platform/data/storage.ts';
import { actorOf, tenantOf } from '../tenancy/access/actor.ts';
import { ifMatchOf, withEtag } from '../tenancy/access/etag.ts';
import { changing, creating, reading } from '../tenancy/access/responses.ts';
import { listActivity } from './activity.ts';
import { eraseCustomer } from './erase.ts';
import { exportCustomer } from './export.ts';
import { mergeCustomers } from './merge.ts';
import { changeCustomer, createCustomer, findCustomer, listCustomers } from './records.ts';
import {
  activityPageSchema,
  customerChanges,
  customerListQuery,
  customerPageSchema,
  customerSchema,
  erasureSchema,
  mergeBody,
  newCustomerBody,
  presentActivity,
  presentCustomer,
  presentSummary,
} from './schema.ts';

export interface CustomerRoutesDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly storage: Pick<Storage, 'remove'>;
}

const tags = ['Customers'];
const read = { access: { permission: 'customers:read' } } as const;
const write = { access: { permission: 'customers:write' } } as const;
/** Taking somebody's data out of the house, or out of existence. */
const personal = { access: { permission: 'personal-data:write' } } as const;

const customerIdOf = (text: string): CustomerId => idInPath('cus', text, 'customer');

/** The people who call and write. */
export const customerRoutes: FastifyPluginAsyncZod<CustomerRoutesDependencies> = async (
  app,
  dependencies,
) => {
  const { db, clock } = dependencies;

  app.get(
    '/v1/customers',
    {
      config: read,
      schema: {
        tags,
        summary: 'List customers, newest first, or look one up',
        querystring: customerListQuery,
        response: { 200: customerPageSchema, ...reading },
      },
    },
    async (request) => {
      const { data, nextCursor } = await listCustomers(db, tenantOf(request), request.query);
      return { data: data.map(presentSummary), nextCursor };
    },
  );

  app.post(
    '/v1/customers',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Put a customer on record',
        description:
          'Who calls is put on record by calling. A number or address somebody has already is a 409.',
        body: newCustomerBody,
        response: { 201: customerSchema, ...creating },
      },
    },
    async (request, reply) => {
      const customer = await createCustomer(db, actorOf(request), request.body);
      return reply.code(201).send(withEtag(reply, presentCustomer(customer)));
    },
  );

  app.get(
    '/v1/customers/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read one customer',
        description: 'One who was merged redirects to who took over.',
        params,
        response: { 200: customerSchema, 308: z.null(), ...reading },
      },
    },
    async (request, reply) => {
      const found = await findCustomer(db, tenantOf(request), customerIdOf(request.params.id));
      if (found.type === 'merged') {
        return reply.code(308).header('location', `/v1/customers/${found.into}`).send(null);
      }
      return withEtag(reply, presentCustomer(found.customer));
    },
  );

  app.patch(
    '/v1/customers/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a customer',
        description: 'Null takes a detail away. With `If-Match` only what was read is changed.',
        params,
        body: customerChanges,
        response: { 200: customerSchema, ...changing },
      },
    },
    async (request, reply) => {
      const customerId = customerIdOf(request.params.id);
      const change = { changes: request.body, ifMatch: ifMatchOf(request) };
      return withEtag(reply, presentCustomer(await changeCustomer(db, actorOf(request), customerId, change)));
    },
  );

  app.get(
    '/v1/customers/:id/activity',
    {
      config: read,
      schema: {
        tags,
        summary: 'List everything a customer did, newest first',
        params,
        querystring: pageQuery,
        response: { 200: activityPageSchema, ...reading },
      },
    },
    async (request) => {
      const customerId = customerIdOf(request.params.id);
      const { data, nextCursor } = await listActivity(db, tenantOf(request), customerId, request.query);
      return { data: data.map(presentActivity), nextCursor };
    },
  );

  app.post(
    '/v1/customers/:id/merge',
    {
      config: { access: { permission: 'customers:write' }, idempotent: true },
      schema: {
        tags,
        summary: 'Merge another customer into this one',
        description:
          'Calls, orders, bookings, tickets, messages and conversations move; the other id leads here.',
        params,
        body: mergeBody,
        response: { 200: customerSchema, ...creating },
      },
    },
    async (request, reply) => {
      const customerId = customerIdOf(request.params.id);
      const merge = { customerId, otherId: request.body.otherId, at: clock.date() };
      return withEtag(reply, presentCustomer(await mergeCustomers(db, actorOf(request), merge)));
    },
  );

  app.get(
    '/v1/customers/:id/export',
    {
      config: personal,
      schema: {
        tags,
        summary: 'Download everything on record of one person',
        params,
        response: { 200: z.any().describe('A JSON file.'), ...reading },
      },
    },
    async (request, reply) => {
      const customerId = customerIdOf(request.params.id);
      return sendFile(reply, `${customerId}.json`, await exportCustomer(db, actorOf(request), customerId));
    },
  );

  app.post(
    '/v1/customers/:id/erase',
    {
      config: personal,
      schema: {
        tags,
        summary: 'Erase one person’s data',
        description:
          'Name, numbers, addresses, words and recordings are gone from everywhere, for good; what is nobody’s stays: that there were calls, how long, what they cost, what was ordered.',
        params,
        response: { 200: erasureSchema, ...changing },
      },
    },
    async (request) => {
      const customerId = customerIdOf(request.params.id);
      return {
        erased: await eraseCustomer(dependencies, actorOf(request), { customerId, at: clock.date() }),
      };
    },
  );
};

function sendFile(reply: FastifyReply, name: string, text: AsyncIterable<string>): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(text));
}
