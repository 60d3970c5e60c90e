import { z } from 'zod';
import { createOrder } from '../../business/desk/orders/orders.ts';
import { callerName, callerPhone } from './arguments.ts';
import { ensureCaller } from './caller.ts';
import { defineTool } from './define-tool.ts';
import { describeOrder } from './find-order.ts';

export const createOrderTool = defineTool({
  name: 'create_order',
  description:
    'Places an order for products from list_products. Say what is ordered, how many of each and the price, and get a clear yes before you call it. Tell the caller the reference and the total afterwards.',
  effect: 'write',
  schema: z.object({
    items: z
      .array(
        z.object({
          product: z.string().min(1).max(80).describe('As list_products gives it.'),
          quantity: z.int().min(1).max(100),
        }),
      )
      .min(1)
      .max(20),
    note: z.string().max(500).optional().describe('Wishes for this order, such as a delivery hint.'),
    callerName,
    callerPhone,
  }),
  async run(args, context) {
    const customer = await ensureCaller(context, { name: args.callerName, phone: args.callerPhone });
    const order = await createOrder(context.tx, context.actor, {
      customerId: customer.id,
      items: args.items,
      note: args.note,
      callId: context.callId,
    });
    return { result: { status: 'placed', order: describeOrder(order, context) } };
  },
});
