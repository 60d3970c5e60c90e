import { type Endpoint, pathId, restResource } from '../../tenancy/access/access.ts';
import type { CheckAssignee } from '../assignee.ts';
import type { CallExists } from '../links/links.ts';
import {
  commentPageSchema,
  commentQuery,
  newCommentSchema,
  newTicketSchema,
  ticketChangesSchema,
  ticketDetailSchema,
  ticketEntrySchema,
  ticketPageSchema,
  ticketQuery,
  ticketSchema,
} from './ticket.ts';
import { getTicket, listComments, listTickets } from './ticket-queries.ts';
import { changeTicket, commentOnTicket, openTicket } from './ticket-service.ts';

const tickets = restResource({
  path: '/v1/tickets',
  id: pathId('tkt', 'ticket'),
  tag: 'Tickets',
  permission: 'tickets',
  row: ticketSchema,
});

export interface TicketChecks {
  readonly checkAssignee: CheckAssignee;
  readonly callExists: CallExists;
}

export function ticketEndpoints({ checkAssignee, callExists }: TicketChecks): readonly Endpoint[] {
  return [
    tickets.list('List tickets, newest first', {
      query: ticketQuery,
      page: ticketPageSchema,
      handle: listTickets,
    }),
    tickets.create('Open a ticket', {
      body: newTicketSchema,
      handle: (tx, actor, input) => openTicket(tx, actor, input, { checkAssignee, callExists }),
    }),
    tickets.read('Read a ticket with its history', {
      description: 'The ETag is the ticket’s own, for If-Match when it is changed.',
      answers: { 200: ticketDetailSchema },
      handle: getTicket,
    }),
    tickets.change('Change a ticket', {
      description: 'Every change goes into the history. A closed ticket stays as it is.',
      body: ticketChangesSchema,
      handle: (tx, actor, id, change) => changeTicket(tx, actor, id, { ...change, checkAssignee }),
    }),
    tickets.listOf('comments', 'List comments, oldest first', {
      query: commentQuery,
      page: commentPageSchema,
      handle: listComments,
    }),
    tickets.action('comments', 'Comment on a ticket', {
      idempotent: true,
      body: newCommentSchema,
      answers: { 201: ticketEntrySchema },
      handle: (tx, actor, id, { body }) => commentOnTicket(tx, actor, id, body.body),
    }),
  ];
}
