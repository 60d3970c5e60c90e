import { z } from 'zod';
import { createTicket } from '../../business/desk/tickets/tickets.ts';
import { callerName, callerPhone } from './arguments.ts';
import { ensureCaller } from './caller.ts';
import { defineTool } from './define-tool.ts';
import { describeTicket } from './find-ticket.ts';

export const createTicketTool = defineTool({
  name: 'create_ticket',
  description:
    'Opens a support ticket: a problem, complaint or request that the team must follow up. Use it once you know what it is about; confirm with the caller first. Tell them the reference afterwards.',
  effect: 'write',
  schema: z.object({
    subject: z.string().min(1).max(120).describe('What it is about, in a few words.'),
    description: z.string().min(1).max(2_000).describe('Everything the caller said that helps the team.'),
    category: z.string().max(40).optional().describe('One word, such as billing, delivery, repair.'),
    priority: z
      .enum(['low', 'normal', 'high', 'urgent'])
      .optional()
      .describe('Normal unless the caller makes clear that it is not.'),
    callerName,
    callerPhone,
  }),
  async run(args, context) {
    const isReachable = (context.callerPhone ?? args.callerPhone) !== undefined;
    const customer = isReachable
      ? await ensureCaller(context, { name: args.callerName, phone: args.callerPhone })
      : undefined;
    const ticket = await createTicket(context.tx, context.actor, {
      subject: args.subject,
      description: args.description,
      category: args.category,
      priority: args.priority,
      customerId: customer?.id,
      callId: context.callId,
    });
    return { result: { status: 'created', ticket: describeTicket(ticket, context) } };
  },
});
