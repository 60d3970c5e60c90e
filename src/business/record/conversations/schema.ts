import { z } from 'zod';
import type { StoredEvent } from '../../tenancy/events/event-record.ts';
import { pageOf, pageQuery } from '../../../platform/data/paging.ts';
import { idInput, idOutput } from '../../../platform/http/rest-ids.ts';
import { instantOutput } from '../../../platform/http/rest-values.ts';
import { channels } from './channel.ts';
import type { ConversationMessage, ConversationNote } from './message.ts';
import type { Conversation } from './service.ts';
import { allowedNext, conversationStatuses } from './status.ts';

const status = z.enum(conversationStatuses);

export const conversationSchema = z
  .object({
    id: idOutput('cnv'),
    customerId: idOutput('cus').nullable(),
    channel: z.enum(channels),
    status,
    allowedTransitions: z.array(status).describe('What the status can become from here.'),
    assigneeId: idOutput('mem').nullable(),
    lastActivityAt: instantOutput,
    createdAt: instantOutput,
    updatedAt: instantOutput,
    closedAt: instantOutput.nullable(),
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
  at: instantOutput,
};

const messageSchema = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('text'),
      ...placed,
      author: z.enum(['customer', 'agent', 'member', 'system']),
      authorId: z.string().nullable(),
      text: z.string().nullable().describe('Null once its customer was erased.'),
      toolCalls: z.array(
        z.object({ tool: z.string(), arguments: z.unknown(), status: z.string(), result: z.unknown() }),
      ),
    }),
    z.object({
      kind: z.literal('call'),
      ...placed,
      callId: idOutput('call').describe('What was said is in the call’s transcript.'),
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

export const messagePageSchema = pageOf(messageSchema).meta({ id: 'ConversationMessagePage' });

export const noteSchema = z
  .object({ ...placed, memberId: idOutput('mem').nullable(), text: z.string().nullable() })
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

export const notePageSchema = pageOf(noteSchema).meta({ id: 'ConversationNotePage' });

export const historyPageSchema = pageOf(
  z.object({ ...placed, type: z.string(), data: z.record(z.string(), z.unknown()) }).meta({
    id: 'ConversationEvent',
    examples: [
      {
        sequence: 3,
        at: '2026-11-24T15:00:12.000Z',
        type: 'status-changed',
        data: { from: 'new_lead', to: 'engaged', by: 'call_01h2xcejqtf2nbrexx3vqjhp41' },
      },
    ],
  }),
).meta({ id: 'ConversationEventPage' });

export function presentConversation(conversation: Conversation): z.infer<typeof conversationSchema> {
  const { id, customerId, channel, assigneeId, lastActivityAt, createdAt, updatedAt, closedAt } =
    conversation;
  return {
    id,
    customerId,
    channel,
    status: conversation.status,
    allowedTransitions: [...allowedNext(conversation.status)],
    assigneeId,
    lastActivityAt: lastActivityAt.toISOString(),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    closedAt: closedAt?.toISOString() ?? null,
  };
}

export function presentMessage(message: ConversationMessage): z.infer<typeof messageSchema> {
  const at = message.at.toISOString();
  return message.kind === 'text'
    ? { ...message, at, toolCalls: message.toolCalls.map((call) => ({ ...call })) }
    : { ...message, at };
}

export function presentNote(note: ConversationNote): z.infer<typeof noteSchema> {
  return { ...note, at: note.at.toISOString() };
}

export function presentEvent({ sequence, type, at, data }: StoredEvent) {
  return { sequence, type, at: at.toISOString(), data: z.record(z.string(), z.unknown()).parse(data ?? {}) };
}
