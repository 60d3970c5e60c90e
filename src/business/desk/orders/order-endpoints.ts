import { type Endpoint, endpoint, pathId } from '../../tenancy/access/access.ts';
import type { CallExists } from '../links/links.ts';
import {
  cancellationSchema,
  newOrderSchema,
  orderChangesSchema,
  orderDetailSchema,
  orderPageSchema,
  orderQuery,
  orderSchema,
} from './order.ts';
import { getOrder, listOrders } from './order-queries.ts';
import { changeOrder, takeOrder } from './order-service.ts';

const tag = 'Orders';
const id = pathId('ord', 'order');

export interface OrderChecks {
  readonly callExists: CallExists;
}

export function orderEndpoints({ callExists }: OrderChecks): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/orders',
      needs: 'orders:read',
      tag,
      summary: 'List orders, newest first',
      query: orderQuery,
      answers: { 200: orderPageSchema },
      handle: ({ tx, query }) => listOrders(tx, query),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/orders',
      needs: 'orders:write',
      idempotent: true,
      tag,
      summary: 'Place an order',
      description: 'Names and prices are copied from the catalogue, and the total is computed here.',
      body: newOrderSchema,
      answers: { 201: orderSchema },
      handle: ({ tx, actor, body }) => takeOrder(tx, actor, body, callExists),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/orders/:id',
      needs: 'orders:read',
      tag,
      summary: 'Read an order with its history',
      description: 'The ETag is the order’s own, for If-Match when it is changed.',
      params: { id },
      answers: { 200: orderDetailSchema },
      handle: ({ tx, params }) => getOrder(tx, params.id),
    }),
    endpoint({
      method: 'PATCH',
      path: '/v1/orders/:id',
      needs: 'orders:write',
      tag,
      summary: 'Move an order along, or correct its note and address',
      params: { id },
      body: orderChangesSchema,
      answers: { 200: orderSchema },
      handle: ({ tx, actor, params, body, ifMatch }) =>
        changeOrder(tx, actor, params.id, { changes: body, ifMatch }),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/orders/:id/cancel',
      needs: 'orders:write',
      tag,
      summary: 'Cancel an order that is not on its way',
      params: { id },
      body: cancellationSchema,
      answers: { 200: orderSchema },
      handle: ({ tx, actor, params, body, ifMatch }) =>
        changeOrder(tx, actor, params.id, { changes: { ...body, status: 'cancelled' }, ifMatch }),
    }),
  ];
}
