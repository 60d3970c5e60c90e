import { z } from 'zod';
import { findOrder, listOrders, type Order } from '../../business/desk/orders/orders.ts';
import { callerName, reference } from './arguments.ts';
import { findCaller, getOwnRecord } from './caller.ts';
import { defineTool } from './define-tool.ts';
import { spokenPrice, spokenTime } from './spoken.ts';
import type { ToolContext } from './tool.ts';

const NEWEST_ORDERS = 5;

export const findOrderTool = defineTool({
  name: 'find_order',
  description:
    "Looks up the caller's own orders and how far they are: one by its reference, or without a reference the latest ones under their number.",
  effect: 'read',
  schema: z.object({ reference: reference('order', 'O-1042').optional(), callerName }),
  async run(args, context) {
    const { tx } = context;
    if (args.reference === undefined) {
      const caller = await findCaller(context);
      if (caller === undefined) return { result: { orders: [] } };
      const orders = await listOrders(tx, { customerId: caller.id, limit: NEWEST_ORDERS });
      return { result: { orders: orders.data.map((order) => describeOrder(order, context)) } };
    }
    const order = await getOwnRecord(
      context,
      { what: 'order', reference: args.reference, callerName: args.callerName },
      (owned) => findOrder(tx, owned),
    );
    return { result: { order: describeOrder(order, context) } };
  },
});

export function describeOrder(order: Order, context: ToolContext) {
  return {
    reference: order.reference,
    status: order.status,
    items: order.items.map(({ name, quantity }) => ({ name, quantity })),
    total: spokenPrice(order.totalMinor, order.currency, context),
    orderedAt: spokenTime(order.createdAt, context),
    ...(order.note === null ? {} : { note: order.note }),
  };
}
