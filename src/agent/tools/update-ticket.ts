import { z } from 'zod';
import { changeTicket, findTicket } from '../../business/desk/tickets/tickets.ts';
import { callerName, reference } from './arguments.ts';
import { getOwnRecord } from './caller.ts';
import { defineTool } from './define-tool.ts';
import { describeTicket } from './find-ticket.ts';

export const updateTicketTool = defineTool({
  name: 'update_ticket',
  description:
    "Adds to or changes one of the caller's own tickets: a comment with new information, another priority, or its status (resolved or closed when the caller says that it is settled).",
  effect: 'write',
  schema: z.object({
    reference: reference('ticket', 'T-1042'),
    comment: z.string().max(2_000).optional().describe('What the caller adds.'),
    status: z.enum(['open', 'in_progress', 'resolved', 'closed']).optional(),
    priority: z.enum(['low', 'normal', 'high', 'urgent']).optional(),
    callerName,
  }),
  async run(args, context) {
    const { tx, actor } = context;
    const { comment, status, priority } = args;
    const ticket = await getOwnRecord(
      context,
      { what: 'ticket', reference: args.reference, callerName: args.callerName },
      (owned) => findTicket(tx, owned),
    );
    const updated = await changeTicket(tx, actor, ticket.id, { changes: { comment, status, priority } });
    return { result: { status: 'updated', ticket: describeTicket(updated, context) } };
  },
});
