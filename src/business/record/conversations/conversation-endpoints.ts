import { pageQuery } from '../../../platform/data/paging.ts';
import { endpoint, pathId } from '../../tenancy/access/access.ts';
import {
  assignmentBody,
  type Conversation,
  conversationListQuery,
  conversationPageSchema,
  conversationSchema,
  historyPageSchema,
  messagePageSchema,
  noteBody,
  notePageSchema,
  noteSchema,
  transitionBody,
} from './conversation.ts';
import { addNote, assign, changeStatus } from './conversation-handling.ts';
import { listMessages, listNotes } from './conversation-messages.ts';
import { getConversation, listConversations, listHistory } from './conversation-queries.ts';
import { allowedNext } from './status.ts';

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
      return { data: data.map(withTransitions), nextCursor };
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
    handle: async ({ tx, params }) => withTransitions(await getConversation(tx, params.id)),
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
      withTransitions(await changeStatus(tx, actor, { conversationId: params.id, to: body.to, at: now })),
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
      withTransitions(await assign(tx, actor, { conversationId: params.id, ...body, at: now })),
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
    handle: ({ tx, params, query }) => listMessages(tx, params.id, query),
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
    handle: ({ tx, params, query }) => listNotes(tx, params.id, query),
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
    handle: ({ tx, actor, params, body, now }) =>
      addNote(tx, actor, { conversationId: params.id, text: body.text, at: now }),
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
    handle: ({ tx, params, query }) => listHistory(tx, params.id, query),
  }),
];

function withTransitions(conversation: Conversation) {
  return { ...conversation, allowedTransitions: [...allowedNext(conversation.status)] };
}
