import type { Tx } from '../../tenancy/tx.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { newId } from '../../../platform/data/ids.ts';
import type { CallId, ConversationId, CustomerId, MemberId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { z } from 'zod';
import type { Channel } from './channel.ts';
import type { ConversationMessage, MessageAuthor, ToolCallOfMessage } from './message.ts';
import * as queries from './queries.ts';
import { type ConversationEvent, recordEvents } from './record.ts';
import { type ConversationStatus, statusWhenCustomerSpoke } from './status.ts';

/*
 * What channels use: a call while it is put on record, a chat while it goes on. What people of the business do with
 * conversations is in `handling.ts`.
 */

/** A customer on a channel, until it is closed. */
export interface Conversation {
  readonly id: ConversationId;
  readonly customerId: CustomerId | null;
  readonly channel: Channel;
  readonly status: ConversationStatus;
  readonly assigneeId: MemberId | null;
  readonly lastActivityAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly closedAt: Date | null;
}

export interface OpenConversation {
  readonly channel: Channel;
  /** Without one a conversation is always a new one: nobody can say whose the others are. */
  readonly customerId?: CustomerId | undefined;
  readonly at?: Date | undefined;
}

/** The customer's conversation on this channel that is not closed, or a new one. */
export async function openConversation(
  tx: Tx,
  { channel, customerId, at = new Date() }: OpenConversation,
): Promise<Conversation> {
  const findOpen = () =>
    customerId === undefined ? Promise.resolve(undefined) : queries.findOpen(tx, customerId, channel);
  const found = await findOpen();
  if (found !== undefined) return found;
  const inserted = await queries.insertConversation(tx, {
    id: newId('cnv'),
    customerId: customerId ?? null,
    channel,
    status: 'new_lead',
    lastSequence: 0,
    lastActivityAt: at,
    createdAt: at,
    updatedAt: at,
  });
  if (inserted !== undefined) {
    const opened = { type: 'conversation-opened', channel, customerId: customerId ?? null } as const;
    return recordEvents(tx, inserted, [opened], at);
  }
  // Somebody else opened it in between.
  return orNotFound(await findOpen());
}

export async function getConversation(tx: Tx, conversationId: ConversationId): Promise<Conversation> {
  return orNotFound(await queries.findById(tx, conversationId));
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

/** Adds a message, in order; the customer's own words bring the conversation to life (`statusWhenCustomerSpoke`). */
export async function appendMessage(
  tx: Tx,
  { conversationId, at = new Date(), ...message }: AppendMessage,
): Promise<{ readonly conversation: Conversation; readonly sequence: number }> {
  const held = orNotFound(await queries.lockById(tx, conversationId));
  const { author, authorId = null, text, toolCalls = [] } = message;
  const added: ConversationEvent = { type: 'message-added', author, authorId, text, toolCalls };
  const moved = author === 'customer' ? whenCustomerSpoke(held, 'customer') : [];
  const conversation = await recordEvents(tx, held, [added, ...moved], at);
  return { conversation, sequence: held.lastSequence + 1 };
}

/** Puts a call into its conversation; its words stay in its transcript. */
export async function appendCall(
  tx: Tx,
  { conversationId, callId, at }: { conversationId: ConversationId; callId: CallId; at: Date },
): Promise<Conversation> {
  const held = orNotFound(await queries.lockById(tx, conversationId));
  return recordEvents(tx, held, [{ type: 'call-added', callId }], at);
}

/** The caller has said something. */
export async function customerSpoke(
  tx: Tx,
  { conversationId, by, at }: { conversationId: ConversationId; by: string; at: Date },
): Promise<void> {
  const held = await queries.lockById(tx, conversationId);
  if (held === undefined) return;
  const moved = whenCustomerSpoke(held, by);
  if (moved.length > 0) await recordEvents(tx, held, moved, at);
}

/** In the order they were added, without the notes of the business. */
export async function listMessages(
  tx: Tx,
  conversationId: ConversationId,
  page: PageRequest,
): Promise<Page<ConversationMessage>> {
  const afterSequence = page.cursor === undefined ? 0 : decodeCursor(page.cursor, sequenceCursor)[0];
  orNotFound(await queries.findById(tx, conversationId));
  const rows = await queries.listMessages(tx, conversationId, {
    kinds: ['text', 'call'],
    limit: page.limit + 1,
    afterSequence,
  });
  return toPage(rows, page.limit, ({ sequence }) => [sequence], toMessage);
}

/** The last messages in the order they were added: what an agent needs to go on. */
export async function recentMessages(
  tx: Tx,
  conversationId: ConversationId,
  limit: number,
): Promise<readonly ConversationMessage[]> {
  const rows = await queries.listLatestMessages(tx, conversationId, limit);
  return rows.toReversed().map(toMessage);
}

export const sequenceCursor = z.tuple([z.int().nonnegative()]);

export function orNotFound<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFound('There is no such conversation.');
  return row;
}

function whenCustomerSpoke({ status }: Conversation, by: string): readonly ConversationEvent[] {
  const to = statusWhenCustomerSpoke(status);
  return to === status ? [] : [{ type: 'status-changed', from: status, to, by }];
}

function toMessage(row: queries.MessageRow): ConversationMessage {
  const placed = { sequence: row.sequence, at: row.at };
  if (row.kind === 'call') return { ...placed, kind: 'call', callId: row.callId! };
  const { author, authorId, text, toolCalls } = row;
  return { ...placed, kind: 'text', author, authorId, text, toolCalls: toolCalls ?? [] };
}

/**
 * One customer's conversations become another's. Where both have one open on a channel, the one that moves is closed:
 * there is one open conversation per customer and channel.
 */
export async function moveConversations(
  tx: Tx,
  { from, to, at }: { readonly from: CustomerId; readonly to: CustomerId; readonly at: Date },
): Promise<void> {
  for (const held of await queries.lockOpenOfBoth(tx, from, to)) {
    const closed = { type: 'status-changed', from: held.status, to: 'closed', by: 'merge' } as const;
    await recordEvents(tx, held, [closed], at);
  }
  await queries.moveConversations(tx, from, to);
}

/** Takes a deleted call out of its conversation. */
export async function removeCall(tx: Tx, callId: CallId): Promise<void> {
  await tx
    .deleteFrom('conversationMessage')
    .where('tenantId', '=', tx.tenantId)
    .where('callId', '=', callId)
    .execute();
}
