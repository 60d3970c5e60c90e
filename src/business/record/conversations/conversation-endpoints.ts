import { pageQuery } from '../../../platform/data/paging.ts';
import { pathId, restResource } from '../../tenancy/access/access.ts';
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

const conversations = restResource({
  path: '/v1/conversations',
  id: pathId('cnv', 'conversation'),
  tag: 'Conversations',
  permission: 'conversations',
  row: conversationSchema,
});

/** Customers across channels: where each conversation stands, and who looks after it. */
export const conversationEndpoints = [
  conversations.list('List conversations, the latest activity first', {
    query: conversationListQuery,
    page: conversationPageSchema,
    async handle(tx, query) {
      const { data, nextCursor } = await listConversations(tx, query);
      return { data: data.map(withTransitions), nextCursor };
    },
  }),
  conversations.read('Read one conversation', {
    handle: async (tx, id) => withTransitions(await getConversation(tx, id)),
  }),
  conversations.action('transition', 'Move a conversation on', {
    description: 'A refused move is a 409 whose `allowed` lists the moves there are.',
    body: transitionBody,
    handle: async (tx, actor, conversationId, { body: { to }, now }) =>
      withTransitions(await changeStatus(tx, actor, { conversationId, to, at: now })),
  }),
  conversations.action('assign', 'Give a conversation to a member', {
    body: assignmentBody,
    handle: async (tx, actor, conversationId, { body: { assigneeId }, now }) =>
      withTransitions(await assign(tx, actor, { conversationId, assigneeId, at: now })),
  }),
  conversations.listOf('messages', 'List the messages and calls of a conversation, in order', {
    query: pageQuery,
    page: messagePageSchema,
    handle: listMessages,
  }),
  conversations.listOf('notes', 'List the notes of the business, in order', {
    query: pageQuery,
    page: notePageSchema,
    handle: listNotes,
  }),
  conversations.action('notes', 'Add a note, which the customer never sees', {
    idempotent: true,
    body: noteBody,
    answers: { 201: noteSchema },
    handle: (tx, actor, conversationId, { body: { text }, now }) =>
      addNote(tx, actor, { conversationId, text, at: now }),
  }),
  conversations.listOf('events', 'List everything that happened to a conversation, in order', {
    query: pageQuery,
    page: historyPageSchema,
    handle: listHistory,
  }),
];

function withTransitions(conversation: Conversation) {
  return { ...conversation, allowedTransitions: [...allowedNext(conversation.status)] };
}
