import { type Endpoint, pathId, restResource } from '../../tenancy/access/access.ts';
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

const orders = restResource({
  path: '/v1/orders',
  id: pathId('ord', 'order'),
  tag: 'Orders',
  permission: 'orders',
  row: orderSchema,
});

export interface OrderChecks {
  readonly callExists: CallExists;
}

export function orderEndpoints({ callExists }: OrderChecks): readonly Endpoint[] {
  return [
    orders.list('List orders, newest first', {
      query: orderQuery,
      page: orderPageSchema,
      handle: listOrders,
    }),
    orders.create('Place an order', {
      description: 'Names and prices are copied from the catalogue, and the total is computed here.',
      body: newOrderSchema,
      handle: (tx, actor, input) => takeOrder(tx, actor, input, callExists),
    }),
    orders.read('Read an order with its history', {
      description: 'The ETag is the order’s own, for If-Match when it is changed.',
      answers: { 200: orderDetailSchema },
      handle: getOrder,
    }),
    orders.change('Move an order along, or correct its note and address', {
      body: orderChangesSchema,
      handle: changeOrder,
    }),
    orders.action('cancel', 'Cancel an order that is not on its way', {
      body: cancellationSchema,
      handle: (tx, actor, id, { body, ifMatch }) =>
        changeOrder(tx, actor, id, { changes: { ...body, status: 'cancelled' }, ifMatch }),
    }),
  ];
}
