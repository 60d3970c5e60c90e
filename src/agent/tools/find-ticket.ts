import { z } from 'zod';
import {
  findTicket,
  listTicketHistory,
  listTickets,
  type Ticket,
} from '../../business/desk/tickets/tickets.ts';
import { callerName, reference } from './arguments.ts';
import { findCaller, getOwnRecord } from './caller.ts';
import { defineTool } from './define-tool.ts';
import { spokenTime } from './spoken.ts';
import type { ToolContext } from './tool.ts';

/** The latest comments are enough to describe the state of a ticket. */
const NEWEST_COMMENTS = 3;
const NEWEST_TICKETS = 5;

export const findTicketTool = defineTool({
  name: 'find_ticket',
  description:
    "Looks up the caller's own tickets: one by its reference, or without a reference the latest ones under their number.",
  effect: 'read',
  schema: z.object({ reference: reference('ticket', 'T-1042').optional(), callerName }),
  async run(args, context) {
    const { tx } = context;
    if (args.reference === undefined) {
      const caller = await findCaller(context);
      if (caller === undefined) return { result: { tickets: [] } };
      const tickets = await listTickets(tx, { customerId: caller.id, limit: NEWEST_TICKETS });
      return { result: { tickets: tickets.data.map((ticket) => describeTicket(ticket, context)) } };
    }
    const ticket = await getOwnRecord(
      context,
      { what: 'ticket', reference: args.reference, callerName: args.callerName },
      (owned) => findTicket(tx, owned),
    );
    const entries = await listTicketHistory(tx, ticket.id);
    const comments = entries.filter(({ kind }) => kind === 'comment').slice(-NEWEST_COMMENTS);
    return {
      result: {
        ticket: describeTicket(ticket, context),
        description: ticket.description,
        comments: comments.map(({ author, body, at }) => ({
          // Ids mean nothing to a caller.
          author: author === 'agent' ? 'agent' : 'team',
          body,
          at: spokenTime(at, context),
        })),
      },
    };
  },
});

export function describeTicket(ticket: Ticket, context: ToolContext) {
  const { reference: number, subject, status, priority, category } = ticket;
  return {
    reference: number,
    subject,
    status,
    priority,
    category,
    openedAt: spokenTime(ticket.createdAt, context),
  };
}
