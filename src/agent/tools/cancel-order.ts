import { z } from 'zod';
import { cancelOrder, findOrder } from '../../business/desk/orders/orders.ts';
import { callerName, reference } from './arguments.ts';
import { getOwnRecord } from './caller.ts';
import { defineTool } from './define-tool.ts';
import { describeOrder } from './find-order.ts';

export const cancelOrderTool = defineTool({
  name: 'cancel_order',
  description:
    "Cancels one of the caller's own orders, as long as nobody has begun to prepare it. Say which order and get a clear yes first.",
  effect: 'write',
  schema: z.object({ reference: reference('order', 'O-1042'), callerName }),
  async run(args, context) {
    const { tx, actor } = context;
    const order = await getOwnRecord(
      context,
      { what: 'order', reference: args.reference, callerName: args.callerName },
      (owned) => findOrder(tx, owned),
    );
    const cancelled = await cancelOrder(tx, actor, order.id);
    return { result: { status: 'cancelled', order: describeOrder(cancelled, context) } };
  },
});
