import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Db } from '../../../platform/data/db.ts';
import type { TicketId } from '../../tenancy/references/ids.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { etagOf, ifMatchOf, withEtag } from '../../tenancy/access/etag.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import * as schema from './schema.ts';
import { commentOnTicket, getTicket, listTicketEntries, updateTicket } from './service.ts';
import { openTicket } from './open-ticket.ts';
import { listComments, listTickets } from './ticket-list.ts';

const tags = ['Tickets'];
const read = { access: { permission: 'tickets:read' } } as const;
const write = { access: { permission: 'tickets:write' } } as const;
const create = { ...write, idempotent: true } as const;

export const ticketRoutes: FastifyPluginAsyncZod<{ readonly db: Db }> = async (app, { db }) => {
  app.get(
    '/v1/tickets',
    {
      config: read,
      schema: {
        tags,
        summary: 'List tickets, newest first',
        querystring: schema.ticketQuery,
        response: { 200: schema.ticketPageSchema, ...reading },
      },
    },
    (request) => listTickets(db, tenantOf(request), request.query, schema.presentTicket),
  );

  app.post(
    '/v1/tickets',
    {
      config: create,
      schema: {
        tags,
        summary: 'Open a ticket',
        body: schema.newTicketSchema,
        response: { 201: schema.ticketSchema, ...creating },
      },
    },
    async (request, reply) => {
      const ticket = await openTicket(db, actorOf(request), request.body);
      return withEtag(reply.code(201), schema.presentTicket(ticket));
    },
  );

  app.get(
    '/v1/tickets/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read a ticket with its history',
        description: 'The ETag is the ticket’s own, for If-Match when it is changed.',
        params: idParams,
        response: { 200: schema.ticketDetailSchema, ...reading },
      },
    },
    async (request, reply) => {
      const id = ticketIdOf(request.params);
      const ticket = await getTicket(db, tenantOf(request), { id });
      reply.header('etag', etagOf(schema.presentTicket(ticket)));
      return schema.presentDetail(ticket, await listTicketEntries(db, tenantOf(request), id));
    },
  );

  app.patch(
    '/v1/tickets/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Change a ticket',
        description: 'Every change goes into the history. A closed ticket stays as it is.',
        params: idParams,
        body: schema.ticketChangesSchema,
        response: { 200: schema.ticketSchema, ...changing },
      },
    },
    async (request, reply) => {
      const actor = actorOf(request);
      const ticket = await updateTicket(db, actor.tenantId, {
        ...request.body,
        id: ticketIdOf(request.params),
        actor,
        ifMatch: ifMatchOf(request),
      });
      return withEtag(reply, schema.presentTicket(ticket));
    },
  );

  app.get(
    '/v1/tickets/:id/comments',
    {
      config: read,
      schema: {
        tags,
        summary: 'List comments, oldest first',
        params: idParams,
        querystring: schema.commentQuery,
        response: { 200: schema.commentPageSchema, ...reading },
      },
    },
    (request) =>
      listComments(db, tenantOf(request), ticketIdOf(request.params), request.query, schema.presentEntry),
  );

  app.post(
    '/v1/tickets/:id/comments',
    {
      config: create,
      schema: {
        tags,
        summary: 'Comment on a ticket',
        params: idParams,
        body: schema.newCommentSchema,
        response: { 201: schema.ticketEntrySchema, ...creating },
      },
    },
    async (request, reply) => {
      const { body } = request.body;
      const entry = await commentOnTicket(db, actorOf(request), { id: ticketIdOf(request.params), body });
      return reply.code(201).send(schema.presentEntry(entry));
    },
  );
};

function ticketIdOf({ id }: { readonly id: string }): TicketId {
  return idInPath('tkt', id, 'ticket');
}
