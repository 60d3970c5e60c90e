import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { pageQuery } from '../../platform/data/paging.ts';
import type { Storage } from '../../platform/data/storage.ts';
import { type AnyEndpoint, pathId, rawEndpoint, restResource } from '../tenancy/access/access.ts';
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
const customers = restResource({
  path: '/v1/customers',
  id,
  tag,
  permission: 'customers',
  row: customerSchema,
});

/** The people who call and write. */
export function customerEndpoints(dependencies: CustomerEndpointsDependencies): readonly AnyEndpoint[] {
  const { holdings } = dependencies;
  return [
    customers.list('List customers, newest first, or look one up', {
      query: customerListQuery,
      page: customerPageSchema,
      handle: listCustomers,
    }),
    customers.create('Put a customer on record', {
      description:
        'Who calls is put on record by calling. A number or address somebody has already is a 409.',
      body: newCustomerBody,
      handle: createCustomer,
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
    customers.change('Change a customer', {
      description: 'Null takes a detail away. With `If-Match` only what was read is changed.',
      body: customerChanges,
      handle: changeCustomer,
    }),
    customers.listOf('activity', 'List everything a customer did, newest first', {
      query: pageQuery,
      page: activityPageSchema,
      handle: (tx, customerId, query) => listActivity(tx, customerId, query, holdings),
    }),
    customers.action('merge', 'Merge another customer into this one', {
      idempotent: true,
      description:
        'Calls, orders, bookings, tickets, messages and conversations move; the other id leads here.',
      body: mergeBody,
      handle: (tx, actor, customerId, { body: { otherId }, now }) =>
        mergeCustomers(tx, actor, { customerId, otherId, at: now }, holdings),
    }),
    ...personalDataEndpoints(dependencies),
  ];
}

/** Export and erasure of personal data. */
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
