import { z } from 'zod';
import { findOrder, listOrdersOfCustomer, type Order } from '../../business/desk/orders/service.ts';
import { callerName, reference } from './arguments.ts';
import { findCaller, getOwnRecord } from './caller.ts';
import { defineTool } from './define-tool.ts';
import { spokenPrice, spokenTime } from './spoken.ts';
import type { ToolContext } from './tool.ts';

export const findOrderTool = defineTool({
  name: 'find_order',
  description:
    "Looks up the caller's own orders and how far they are: one by its reference, or without a reference the latest ones under their number.",
  effect: 'read',
  schema: z.object({ reference: reference('order', 'O-1042').optional(), callerName }),
  async run(args, context) {
    const { tx, tenantId } = context;
    if (args.reference === undefined) {
      const caller = await findCaller(context);
      const orders = caller === undefined ? [] : await listOrdersOfCustomer(tx, tenantId, caller.id);
      return { result: { orders: orders.map((order) => describeOrder(order, context)) } };
    }
    const order = await getOwnRecord(
      context,
      { what: 'order', reference: args.reference, callerName: args.callerName },
      (owned) => findOrder(tx, tenantId, owned),
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
