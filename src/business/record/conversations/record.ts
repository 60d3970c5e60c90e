import type { Tx } from '../../tenancy/tx.ts';
import { appendEvents } from '../../tenancy/events/event-record.ts';
import type { CallId, ConversationId, CustomerId, MemberId } from '../../tenancy/references/ids.ts';
import type { Channel } from './channel.ts';
import type { MessageAuthor, ToolCallOfMessage } from './message.ts';
import * as queries from './queries.ts';
import type { ConversationStatus } from './status.ts';

/** Everything that happens to a conversation. Words are in its messages alone, so that they are erased in one place. */
export type ConversationEvent =
  | {
      readonly type: 'conversation-opened';
      readonly channel: Channel;
      readonly customerId: CustomerId | null;
    }
  | {
      readonly type: 'message-added';
      readonly author: MessageAuthor;
      readonly authorId: string | null;
      readonly text: string;
      readonly toolCalls: readonly ToolCallOfMessage[];
    }
  | { readonly type: 'call-added'; readonly callId: CallId }
  | { readonly type: 'note-added'; readonly memberId: MemberId | null; readonly text: string }
  | {
      readonly type: 'status-changed';
      readonly from: ConversationStatus;
      readonly to: ConversationStatus;
      /** Who wanted it: an actor's id, or what happened. */
      readonly by: string;
    }
  | { readonly type: 'assigned'; readonly memberId: MemberId | null; readonly by: string };

/**
 * Puts events on the record of a conversation the transaction holds, and into its rows; gives the row as it is then.
 */
export async function recordEvents(
  tx: Tx,
  conversation: queries.ConversationRow,
  events: readonly ConversationEvent[],
  at: Date,
): Promise<queries.ConversationRow> {
  const { id, lastSequence } = conversation;
  await appendEvents(
    tx,
    tx.tenantId,
    id,
    lastSequence,
    events.map((event) => stored(event, at)),
  );
  for (const [index, event] of events.entries()) {
    await projectMessage(tx, { id, sequence: lastSequence + 1 + index, at }, event);
  }
  return queries.updateConversation(tx, id, {
    ...Object.assign({}, ...events.map((event) => changesOf(event, at))),
    lastSequence: lastSequence + events.length,
    updatedAt: at,
  });
}

function stored({ type, ...data }: ConversationEvent, at: Date) {
  const { text: _, toolCalls: __, ...kept } = { text: undefined, toolCalls: undefined, ...data };
  return { type, data: kept, at };
}

function changesOf(event: ConversationEvent, at: Date) {
  switch (event.type) {
    case 'message-added':
    case 'call-added':
    case 'conversation-opened':
      return { lastActivityAt: at };
    case 'status-changed':
      return { status: event.to, closedAt: event.to === 'closed' ? at : null };
    case 'assigned':
      return { assigneeId: event.memberId };
    case 'note-added':
      return {};
    default:
      return event satisfies never;
  }
}

async function projectMessage(
  tx: Tx,
  { id, sequence, at }: { readonly id: ConversationId; readonly sequence: number; readonly at: Date },
  event: ConversationEvent,
): Promise<void> {
  const placed = { conversationId: id, sequence, at };
  switch (event.type) {
    case 'message-added':
      return void (await queries.insertMessage(tx, {
        ...placed,
        kind: 'text',
        author: event.author,
        authorId: event.authorId,
        text: event.text,
        toolCalls: event.toolCalls.length === 0 ? null : JSON.stringify(event.toolCalls),
      }));
    case 'call-added':
      return void (await queries.insertMessage(tx, {
        ...placed,
        kind: 'call',
        author: 'customer',
        callId: event.callId,
      }));
    case 'note-added':
      return void (await queries.insertMessage(tx, {
        ...placed,
        kind: 'note',
        author: 'member',
        authorId: event.memberId,
        text: event.text,
      }));
    case 'conversation-opened':
    case 'status-changed':
    case 'assigned':
      return;
    default:
      event satisfies never;
  }
}
