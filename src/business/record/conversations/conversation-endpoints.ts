import { pageQuery } from '../../../platform/data/paging.ts';
import { endpoint, pathId } from '../../tenancy/access/endpoint.ts';
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

const tag = 'Conversations';
const id = pathId('cnv', 'conversation');

/** Customers across channels: where each conversation stands, and who looks after it. */
export const conversationEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/conversations',
    needs: 'conversations:read',
    tag,
    summary: 'List conversations, the latest activity first',
    query: conversationListQuery,
    answers: { 200: conversationPageSchema },
    async handle({ tx, query }) {
      const { data, nextCursor } = await listConversations(tx, query);
      return { data: data.map(presentConversation), nextCursor };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/conversations/:id',
    needs: 'conversations:read',
    tag,
    summary: 'Read one conversation',
    params: { id },
    answers: { 200: conversationSchema },
    handle: async ({ tx, params }) => presentConversation(await getConversation(tx, params.id)),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/conversations/:id/transition',
    needs: 'conversations:write',
    tag,
    summary: 'Move a conversation on',
    description: 'A refused move is a 409 whose `allowed` lists the moves there are.',
    params: { id },
    body: transitionBody,
    answers: { 200: conversationSchema },
    handle: async ({ tx, actor, params, body, now }) =>
      presentConversation(await changeStatus(tx, actor, { conversationId: params.id, to: body.to, at: now })),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/conversations/:id/assign',
    needs: 'conversations:write',
    tag,
    summary: 'Give a conversation to a member',
    params: { id },
    body: assignmentBody,
    answers: { 200: conversationSchema },
    handle: async ({ tx, actor, params, body, now }) =>
      presentConversation(
        await assign(tx, actor, { conversationId: params.id, assigneeId: body.assigneeId, at: now }),
      ),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/conversations/:id/messages',
    needs: 'conversations:read',
    tag,
    summary: 'List the messages and calls of a conversation, in order',
    params: { id },
    query: pageQuery,
    answers: { 200: messagePageSchema },
    async handle({ tx, params, query }) {
      const { data, nextCursor } = await listMessages(tx, params.id, query);
      return { data: data.map(presentMessage), nextCursor };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/v1/conversations/:id/notes',
    needs: 'conversations:read',
    tag,
    summary: 'List the notes of the business, in order',
    params: { id },
    query: pageQuery,
    answers: { 200: notePageSchema },
    async handle({ tx, params, query }) {
      const { data, nextCursor } = await listNotes(tx, params.id, query);
      return { data: data.map(presentNote), nextCursor };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/v1/conversations/:id/notes',
    needs: 'conversations:write',
    idempotent: true,
    tag,
    summary: 'Add a note, which the customer never sees',
    params: { id },
    body: noteBody,
    answers: { 201: noteSchema },
    handle: async ({ tx, actor, params, body, now }) =>
      presentNote(await addNote(tx, actor, { conversationId: params.id, text: body.text, at: now })),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/conversations/:id/events',
    needs: 'conversations:read',
    tag,
    summary: 'List everything that happened to a conversation, in order',
    params: { id },
    query: pageQuery,
    answers: { 200: historyPageSchema },
    async handle({ tx, params, query }) {
      const { data, nextCursor } = await listHistory(tx, params.id, query);
      return { data: data.map(presentEvent), nextCursor };
    },
  }),
];
