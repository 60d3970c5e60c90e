import { z } from 'zod';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOf } from '../../../platform/http/rest-ids.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import { channels } from './channel.ts';
import { conversationStatuses } from './status.ts';

/* A conversation, its messages, notes and history, as they are stored, answered and put on record. */

const status = z.enum(conversationStatuses);

export const conversationFields = {
  id: idOf('cnv'),
  customerId: idOf('cus').nullable(),
  channel: z.enum(channels),
  status,
  assigneeId: idOf('mem').nullable(),
  lastActivityAt: instant,
  createdAt: instant,
  updatedAt: instant,
  closedAt: instant.nullable(),
};

const rowSchema = z.object(conversationFields);

/** A customer on a channel, until it is closed. */
export type Conversation = Readonly<z.output<typeof rowSchema>>;

export const conversationSchema = z
  .object({
    ...conversationFields,
    allowedTransitions: z.array(status).describe('What the status can become from here.'),
  })
  .meta({
    id: 'Conversation',
    examples: [
      {
        id: 'cnv_01h2xcejqtf2nbrexx3vqjhp41',
        customerId: 'cus_01h2xcejqtf2nbrexx3vqjhp41',
        channel: 'voice',
        status: 'engaged',
        allowedTransitions: ['awaiting_customer', 'dormant', 'escalated', 'waiting_for_payment', 'closed'],
        assigneeId: null,
        lastActivityAt: '2026-11-24T15:00:00.000Z',
        createdAt: '2026-11-24T15:00:00.000Z',
        updatedAt: '2026-11-24T15:00:12.000Z',
        closedAt: null,
      },
    ],
  });

export const conversationPageSchema = pageOf(conversationSchema).meta({ id: 'ConversationPage' });

export const conversationListQuery = z.object({
  ...pageQuery.shape,
  status: status.optional(),
  channel: z.enum(channels).optional(),
  customerId: idInput('cus').optional(),
  assigneeId: idInput('mem').optional(),
});

export const transitionBody = z
  .strictObject({ to: status })
  .meta({ examples: [{ to: 'awaiting_customer' }] });

export const assignmentBody = z
  .strictObject({ assigneeId: idInput('mem').nullable().describe('Null takes it from whoever has it.') })
  .meta({ examples: [{ assigneeId: 'mem_01h2xcejqtf2nbrexx3vqjhp41' }] });

export const noteBody = z
  .strictObject({ text: z.string().trim().min(1).max(10_000) })
  .meta({ examples: [{ text: 'Promised to call back before noon.' }] });

const placed = {
  sequence: z.int().describe('Grows within the conversation, with gaps.'),
  at: instant,
};

export const messageAuthor = z.enum(['customer', 'agent', 'member', 'system']);
export type MessageAuthor = z.output<typeof messageAuthor>;

/** What the agent did while it wrote a message. */
const toolCall = z.object({
  tool: z.string(),
  arguments: z.unknown(),
  status: z.string(),
  result: z.unknown(),
});
export type ToolCallOfMessage = Readonly<z.output<typeof toolCall>>;

const messageSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('text'),
      ...placed,
      author: messageAuthor,
      authorId: z.string().nullable(),
      text: z.string().nullable().describe('Null once its customer was erased.'),
      toolCalls: z.array(toolCall),
    }),
    z.object({
      kind: z.literal('call'),
      ...placed,
      callId: idOf('call').describe('What was said is in the call’s transcript.'),
    }),
  ])
  .meta({
    id: 'ConversationMessage',
    examples: [
      {
        kind: 'text',
        sequence: 2,
        at: '2026-11-24T15:00:00.000Z',
        author: 'customer',
        authorId: null,
        text: 'Do you repair e-bikes?',
        toolCalls: [],
      },
    ],
  });

/** What was written, or that there was a call, whose words are in its transcript. */
export type ConversationMessage = Readonly<z.output<typeof messageSchema>>;

export const messagePageSchema = pageOf(messageSchema).meta({ id: 'ConversationMessagePage' });

export const noteSchema = z
  .object({ ...placed, memberId: idOf('mem').nullable(), text: z.string().nullable() })
  .meta({
    id: 'ConversationNote',
    examples: [
      {
        sequence: 5,
        at: '2026-11-24T16:00:00.000Z',
        memberId: 'mem_01h2xcejqtf2nbrexx3vqjhp41',
        text: 'Promised to call back before noon.',
      },
    ],
  });

/** What the people of the business write for each other; the customer never sees it. */
export type ConversationNote = Readonly<z.output<typeof noteSchema>>;

export const notePageSchema = pageOf(noteSchema).meta({ id: 'ConversationNotePage' });

const historyEntrySchema = z
  .object({ ...placed, type: z.string(), data: z.record(z.string(), z.unknown()) })
  .meta({
    id: 'ConversationEvent',
    examples: [
      {
        sequence: 3,
        at: '2026-11-24T15:00:12.000Z',
        type: 'status-changed',
        data: { from: 'new_lead', to: 'engaged', by: 'call_01h2xcejqtf2nbrexx3vqjhp41' },
      },
    ],
  });

export type HistoryEntry = z.output<typeof historyEntrySchema>;

export const historyPageSchema = pageOf(historyEntrySchema).meta({ id: 'ConversationEventPage' });
