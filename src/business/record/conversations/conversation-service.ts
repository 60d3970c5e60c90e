import { matching } from '../../../platform/data/matching.ts';
import { newId } from '../../../platform/data/ids.ts';
import { actorIdOf, systemActor, type TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { CallId, ConversationId, CustomerId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Channel } from './channel.ts';
import type { Conversation, MessageAuthor, ToolCallOfMessage } from './conversation.ts';
import { conversationEvents } from './conversation-events.ts';
import { lockOpen, lockOpenOfBoth } from './conversation-queries.ts';
import { conversationTable } from './conversation-table.ts';
import { insertMessage } from './conversation-messages.ts';
import { statusWhenCustomerSpoke, type ConversationStatus, transition } from './status.ts';

/*
 * What channels do with conversations: a call when it is ingested, a chat while it goes on. What people of the business
 * do is in `conversation-handling.ts`.
 */

export interface OpenConversation {
  readonly channel: Channel;
  /** Without a customer a new conversation is opened each time: nobody knows whose the others are. */
  readonly customerId?: CustomerId | undefined;
  readonly at?: Date | undefined;
}

/** The customer's conversation on this channel that is not closed, or a new one. */
export async function openConversation(
  tx: Tx,
  actor: TenantActor,
  { channel, customerId, at = new Date() }: OpenConversation,
): Promise<Conversation> {
  const found = customerId === undefined ? undefined : await lockOpen(tx, customerId, channel);
  if (found !== undefined) return found;
  const details = { channel, customerId: customerId ?? null };
  const opened = await conversationTable.insert(tx, {
    ...details,
    id: newId('cnv'),
    status: 'new_lead',
    lastActivityAt: at,
    createdAt: at,
    updatedAt: at,
  });
  if (opened === undefined) return openConversation(tx, actor, { channel, customerId, at });
  await happened(tx, actor, conversationEvents.opened({ subject: opened.id, details, at }));
  return opened;
}

export interface AppendMessage {
  readonly conversationId: ConversationId;
  readonly author: MessageAuthor;
  /** The member who wrote it, the agent that answered; left out for the customer. */
  readonly authorId?: string | undefined;
  readonly text: string;
  readonly toolCalls?: readonly ToolCallOfMessage[] | undefined;
  readonly at?: Date | undefined;
}

/** Adds a message, in order; the customer's own words may change the status (`statusWhenCustomerSpoke`). */
export async function appendMessage(
  tx: Tx,
  actor: TenantActor,
  { conversationId, at = new Date(), ...message }: AppendMessage,
): Promise<{ readonly conversation: Conversation; readonly sequence: number }> {
  const before = await conversationTable.lock(tx, conversationId);
  const { author, authorId = null, text, toolCalls = [] } = message;
  const added = { subject: conversationId, at, details: { author, authorId } };
  const sequence = await happened(tx, actor, conversationEvents['message-added'](added));
  await insertMessage(tx, {
    conversationId,
    sequence,
    at,
    kind: 'text',
    author,
    authorId,
    text,
    toolCalls: toolCalls.length === 0 ? null : JSON.stringify(toolCalls),
  });
  const to = author === 'customer' ? statusWhenCustomerSpoke(before.status) : before.status;
  const followed = await followStatus(tx, actor, before, { to, by: 'customer', at });
  const conversation = await conversationTable.update(tx, conversationId, {
    lastActivityAt: at,
    ...followed,
  });
  return { conversation, sequence };
}

/** Puts a call into its conversation; its words stay in its transcript. */
export async function appendCall(
  tx: Tx,
  actor: TenantActor,
  { conversationId, callId, at }: { conversationId: ConversationId; callId: CallId; at: Date },
): Promise<Conversation> {
  await conversationTable.lock(tx, conversationId);
  const added = { subject: conversationId, at, details: { callId } };
  const sequence = await happened(tx, actor, conversationEvents['call-added'](added));
  await insertMessage(tx, { conversationId, sequence, at, kind: 'call', author: 'customer', callId });
  return conversationTable.update(tx, conversationId, { lastActivityAt: at });
}

/** The caller has said something to the agent, who is the actor. */
export async function customerSpoke(
  tx: Tx,
  actor: TenantActor,
  { conversationId, at }: { readonly conversationId: ConversationId; readonly at: Date },
): Promise<void> {
  const before = await conversationTable.lock(tx, conversationId);
  const to = statusWhenCustomerSpoke(before.status);
  const change = await followStatus(tx, actor, before, { to, by: actorIdOf(actor), at });
  if (change !== undefined) await conversationTable.update(tx, conversationId, change);
}

/** The agent cannot go on: the conversation waits for people, where it is one that they can take over. */
export async function handOver(
  tx: Tx,
  actor: TenantActor,
  { conversationId, at }: { readonly conversationId: ConversationId; readonly at: Date },
): Promise<void> {
  const before = await conversationTable.lock(tx, conversationId);
  if (transition(before.status, 'escalated').type === 'refused') return;
  const change = await followStatus(tx, actor, before, { to: 'escalated', by: actorIdOf(actor), at });
  if (change !== undefined) await conversationTable.update(tx, conversationId, change);
}

/**
 * One customer's conversations become another's. Where both have one open on a channel, the one that moves is closed:
 * there is one open conversation per customer and channel.
 */
export async function moveConversations(
  tx: Tx,
  { from, to, at }: { readonly from: CustomerId; readonly to: CustomerId; readonly at: Date },
): Promise<void> {
  const merge = systemActor(tx.tenantId, 'merge');
  for (const before of await lockOpenOfBoth(tx, from, to)) {
    const closed = await followStatus(tx, merge, before, { to: 'closed', by: merge.name, at });
    await conversationTable.update(tx, before.id, { ...closed });
  }
  await tx
    .updateTable('conversation')
    .set({ customerId: to })
    .where(matching('conversation', { tenantId: tx.tenantId, customerId: from }))
    .execute();
}

/** What changes of the row with its status. */
export function standingAs(status: ConversationStatus, at: Date) {
  return { status, closedAt: status === 'closed' ? at : null };
}

interface FollowedStatus {
  readonly to: ConversationStatus;
  /** What it followed from: the id of a call, `customer` or `merge`. */
  readonly by: string;
  readonly at: Date;
}

/** Records a status that nobody of the business has chosen; returns what changes of the row, if anything does. */
async function followStatus(
  tx: Tx,
  actor: TenantActor,
  { id, status }: Conversation,
  { to, by, at }: FollowedStatus,
) {
  if (to === status) return undefined;
  const change = { before: { status }, after: { status: to }, details: { by } };
  await happened(tx, actor, conversationEvents['status-followed']({ subject: id, at, ...change }));
  return standingAs(to, at);
}
