import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { ConversationId } from '../../tenancy/references/ids.ts';
import { pageQuery } from '../../../platform/data/paging.ts';
import { idInPath, idParams as params } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import { addNote, assign, changeStatus, listConversations, listHistory, listNotes } from './handling.ts';
import {
  assignmentBody,
  conversationListQuery,
  conversationPageSchema,
  conversationSchema,
  historyPageSchema,
  messagePageSchema,
  noteBody,
  notePageSchema,
  noteSchema,
  presentConversation,
  presentEvent,
  presentMessage,
  presentNote,
  transitionBody,
} from './schema.ts';
import { getConversation, listMessages } from './service.ts';

export interface ConversationRoutesDependencies {
  readonly db: Db;
  readonly clock: Clock;
}

const tags = ['Conversations'];
const read = { access: { permission: 'conversations:read' } } as const;
const write = { access: { permission: 'conversations:write' } } as const;

const conversationIdOf = (text: string): ConversationId => idInPath('cnv', text, 'conversation');

/** Customers across channels: where each conversation stands, and who looks after it. */
export const conversationRoutes: FastifyPluginAsyncZod<ConversationRoutesDependencies> = async (
  app,
  { db, clock },
) => {
  app.get(
    '/v1/conversations',
    {
      config: read,
      schema: {
        tags,
        summary: 'List conversations, the latest activity first',
        querystring: conversationListQuery,
        response: { 200: conversationPageSchema, ...reading },
      },
    },
    async (request) => {
      const { data, nextCursor } = await listConversations(db, tenantOf(request), request.query);
      return { data: data.map(presentConversation), nextCursor };
    },
  );

  app.get(
    '/v1/conversations/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read one conversation',
        params,
        response: { 200: conversationSchema, ...reading },
      },
    },
    async (request) =>
      presentConversation(await getConversation(db, tenantOf(request), conversationIdOf(request.params.id))),
  );

  app.post(
    '/v1/conversations/:id/transition',
    {
      config: write,
      schema: {
        tags,
        summary: 'Move a conversation on',
        description: 'A refused move is a 409 whose `allowed` lists the moves there are.',
        params,
        body: transitionBody,
        response: { 200: conversationSchema, ...changing },
      },
    },
    async (request) => {
      const conversationId = conversationIdOf(request.params.id);
      const { to } = request.body;
      return presentConversation(
        await changeStatus(db, actorOf(request), { conversationId, to, at: clock.date() }),
      );
    },
  );

  app.post(
    '/v1/conversations/:id/assign',
    {
      config: write,
      schema: {
        tags,
        summary: 'Give a conversation to a member',
        params,
        body: assignmentBody,
        response: { 200: conversationSchema, ...changing },
      },
    },
    async (request) => {
      const conversationId = conversationIdOf(request.params.id);
      const { assigneeId } = request.body;
      return presentConversation(
        await assign(db, actorOf(request), { conversationId, assigneeId, at: clock.date() }),
      );
    },
  );

  app.get(
    '/v1/conversations/:id/messages',
    {
      config: read,
      schema: {
        tags,
        summary: 'List the messages and calls of a conversation, in order',
        params,
        querystring: pageQuery,
        response: { 200: messagePageSchema, ...reading },
      },
    },
    async (request) => {
      const conversationId = conversationIdOf(request.params.id);
      const { data, nextCursor } = await listMessages(db, tenantOf(request), conversationId, request.query);
      return { data: data.map(presentMessage), nextCursor };
    },
  );

  app.get(
    '/v1/conversations/:id/notes',
    {
      config: read,
      schema: {
        tags,
        summary: 'List the notes of the business, in order',
        params,
        querystring: pageQuery,
        response: { 200: notePageSchema, ...reading },
      },
    },
    async (request) => {
      const conversationId = conversationIdOf(request.params.id);
      const { data, nextCursor } = await listNotes(db, tenantOf(request), conversationId, request.query);
      return { data: data.map(presentNote), nextCursor };
    },
  );

  app.post(
    '/v1/conversations/:id/notes',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Add a note, which the customer never sees',
        params,
        body: noteBody,
        response: { 201: noteSchema, ...creating },
      },
    },
    async (request, reply) => {
      const conversationId = conversationIdOf(request.params.id);
      const { text } = request.body;
      const note = await addNote(db, actorOf(request), { conversationId, text, at: clock.date() });
      return reply.code(201).send(presentNote(note));
    },
  );

  app.get(
    '/v1/conversations/:id/events',
    {
      config: read,
      schema: {
        tags,
        summary: 'List everything that happened to a conversation, in order',
        params,
        querystring: pageQuery,
        response: { 200: historyPageSchema, ...reading },
      },
    },
    async (request) => {
      const conversationId = conversationIdOf(request.params.id);
      const { data, nextCursor } = await listHistory(db, tenantOf(request), conversationId, request.query);
      return { data: data.map(presentEvent), nextCursor };
    },
  );
};
