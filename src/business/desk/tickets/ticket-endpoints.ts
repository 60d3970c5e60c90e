import { type Endpoint, endpoint, pathId } from '../../tenancy/access/access.ts';
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

const tag = 'Tickets';
const id = pathId('tkt', 'ticket');

export interface TicketChecks {
  readonly checkAssignee: CheckAssignee;
  readonly callExists: CallExists;
}

export function ticketEndpoints({ checkAssignee, callExists }: TicketChecks): readonly Endpoint[] {
  return [
    endpoint({
      method: 'GET',
      path: '/v1/tickets',
      needs: 'tickets:read',
      tag,
      summary: 'List tickets, newest first',
      query: ticketQuery,
      answers: { 200: ticketPageSchema },
      handle: ({ tx, query }) => listTickets(tx, query),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/tickets',
      needs: 'tickets:write',
      idempotent: true,
      tag,
      summary: 'Open a ticket',
      body: newTicketSchema,
      answers: { 201: ticketSchema },
      handle: ({ tx, actor, body }) => openTicket(tx, actor, body, { checkAssignee, callExists }),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/tickets/:id',
      needs: 'tickets:read',
      tag,
      summary: 'Read a ticket with its history',
      description: 'The ETag is the ticket’s own, for If-Match when it is changed.',
      params: { id },
      answers: { 200: ticketDetailSchema },
      handle: ({ tx, params }) => getTicket(tx, params.id),
    }),
    endpoint({
      method: 'PATCH',
      path: '/v1/tickets/:id',
      needs: 'tickets:write',
      tag,
      summary: 'Change a ticket',
      description: 'Every change goes into the history. A closed ticket stays as it is.',
      params: { id },
      body: ticketChangesSchema,
      answers: { 200: ticketSchema },
      handle: ({ tx, actor, params, body, ifMatch }) =>
        changeTicket(tx, actor, params.id, { changes: body, ifMatch, checkAssignee }),
    }),
    endpoint({
      method: 'GET',
      path: '/v1/tickets/:id/comments',
      needs: 'tickets:read',
      tag,
      summary: 'List comments, oldest first',
      params: { id },
      query: commentQuery,
      answers: { 200: commentPageSchema },
      handle: ({ tx, params, query }) => listComments(tx, params.id, query),
    }),
    endpoint({
      method: 'POST',
      path: '/v1/tickets/:id/comments',
      needs: 'tickets:write',
      idempotent: true,
      tag,
      summary: 'Comment on a ticket',
      params: { id },
      body: newCommentSchema,
      answers: { 201: ticketEntrySchema },
      handle: ({ tx, actor, params, body }) => commentOnTicket(tx, actor, params.id, body.body),
    }),
  ];
}
