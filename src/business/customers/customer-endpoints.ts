import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { pageQuery } from '../../platform/data/paging.ts';
import type { Storage } from '../../platform/data/storage.ts';
import { type AnyEndpoint, endpoint, pathId, rawEndpoint } from '../tenancy/access/access.ts';
import { tenantActor } from '../tenancy/actor/actor.ts';
import type { Tenancy } from '../tenancy/tenancy.ts';
import {
  customerChanges,
  customerListQuery,
  customerPageSchema,
  customerSchema,
  mergeBody,
  newCustomerBody,
} from './customer.ts';
import { activityPageSchema, listActivity } from './customer-activity.ts';
import { eraseCustomer } from './customer-erase.ts';
import { customerExportSchema, exportCustomer } from './customer-export.ts';
import type { CustomerHolding } from './customer-holding.ts';
import { mergeCustomers } from './customer-merge.ts';
import { changeCustomer, createCustomer, findCustomer, listCustomers } from './customer-records.ts';
import { erasureSchema } from './erasure.ts';

export interface CustomerEndpointsDependencies {
  readonly tenancy: Tenancy;
  readonly storage: Pick<Storage, 'remove'>;
  readonly holdings: readonly CustomerHolding[];
}

const tag = 'Customers';
const id = pathId('cus', 'customer');

/** The people who call and write. */
export function customerEndpoints(dependencies: CustomerEndpointsDependencies): readonly AnyEndpoint[] {
  const { holdings } = dependencies;
  return [
    endpoint({
      method: 'GET',
      path: '/v1/customers',
      needs: 'customers:read',
      tag,
      summary: 'List customers, newest first, or look one up',
      query: customerListQuery,
      answers: { 200: customerPageSchema },
      handle: ({ tx, query }) => listCustomers(tx, query),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/customers',
      needs: 'customers:write',
      idempotent: true,
      tag,
      summary: 'Put a customer on record',
      description:
        'Who calls is put on record by calling. A number or address somebody has already is a 409.',
      body: newCustomerBody,
      answers: { 201: customerSchema },
      handle: ({ tx, actor, body }) => createCustomer(tx, actor, body),
    }),
    rawEndpoint({
      method: 'GET',
      path: '/v1/customers/:id',
      needs: 'customers:read',
      tag,
      summary: 'Read one customer',
      description: 'One who was merged redirects to who took over.',
      params: { id },
      answers: { 200: customerSchema, 308: z.null() },
      async handle({ actor, params, reply }) {
        const found = await dependencies.tenancy.run(tenantActor(actor), (tx) => findCustomer(tx, params.id));
        if (found.type === 'found') return found.customer;
        return reply.code(308).header('location', `/v1/customers/${found.into}`).send(null);
      },
    }),
    endpoint({
      method: 'PATCH',
      path: '/v1/customers/:id',
      needs: 'customers:write',
      tag,
      summary: 'Change a customer',
      description: 'Null takes a detail away. With `If-Match` only what was read is changed.',
      params: { id },
      body: customerChanges,
      answers: { 200: customerSchema },
      handle: ({ tx, actor, params, body, ifMatch }) =>
        changeCustomer(tx, actor, params.id, { changes: body, ifMatch }),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/customers/:id/activity',
      needs: 'customers:read',
      tag,
      summary: 'List everything a customer did, newest first',
      params: { id },
      query: pageQuery,
      answers: { 200: activityPageSchema },
      handle: ({ tx, params, query }) => listActivity(tx, params.id, query, holdings),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/customers/:id/merge',
      needs: 'customers:write',
      idempotent: true,
      tag,
      summary: 'Merge another customer into this one',
      description:
        'Calls, orders, bookings, tickets, messages and conversations move; the other id leads here.',
      params: { id },
      body: mergeBody,
      answers: { 200: customerSchema },
      handle: ({ tx, actor, params, body, now }) =>
        mergeCustomers(tx, actor, { customerId: params.id, otherId: body.otherId, at: now }, holdings),
    }),
    ...personalDataEndpoints(dependencies),
  ];
}

/** Taking somebody's data out of the house, or out of existence. */
function personalDataEndpoints(dependencies: CustomerEndpointsDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/customers/:id/export',
      needs: 'personal-data:write',
      tag,
      summary: 'Download everything on record of one person',
      params: { id },
      answers: { 200: customerExportSchema },
      handle: async ({ actor, params, reply }) =>
        sendFile(
          reply,
          `${params.id}.json`,
          await exportCustomer(dependencies, tenantActor(actor), params.id),
        ),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/customers/:id/erase',
      needs: 'personal-data:write',
      tag,
      summary: 'Erase one person’s data',
      description:
        'Name, numbers, addresses, words and recordings are deleted everywhere, for good; what is nobody’s stays: that there were calls, how long, what they cost, what was ordered.',
      params: { id },
      answers: { 200: erasureSchema },
      handle: async ({ actor, params, now }) => ({
        erased: await eraseCustomer(dependencies, tenantActor(actor), { customerId: params.id, at: now }),
      }),
    }),
  ];
}

function sendFile(reply: FastifyReply, name: string, text: AsyncIterable<string>): FastifyReply {
  return reply
    .type('application/json; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .send(Readable.from(text));
}
