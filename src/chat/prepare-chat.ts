import type { Channel } from '../agent/channel.ts';
import {
  findCustomerByPhone,
  findOrCreateCustomerByPhone,
  getCustomer,
  parsePhone,
} from '../business/customers/customers.ts';
import {
  appendMessage,
  type Conversation,
  getConversation,
  openConversation,
  recentMessages,
} from '../business/record/conversations/conversations.ts';
import type { TenantActor } from '../business/tenancy/access/actor.ts';
import type { ChatId, ConversationId } from '../business/tenancy/references/ids.ts';
import type { Tx } from '../business/tenancy/tenancy.ts';
import { newId } from '../platform/data/ids.ts';
import { Conflict, Forbidden } from '../platform/process/errors.ts';
import { type ChatLine, loadChatLine } from './chat-line.ts';
import type { ChatInput } from './chat-message.ts';

/** Number of past messages that the agent is given. */
const REMEMBERED_MESSAGES = 60;

export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** Everything that an answer is made from, so that no database is asked while the agent writes. */
export interface ChatToAnswer extends ChatLine {
  readonly channel: Channel;
  /** A conversation, or a chat of which nothing is kept. */
  readonly id: ConversationId | ChatId;
  /** The conversation that the answer goes into; undefined where nothing is kept. */
  readonly conversationId: ConversationId | undefined;
  /** With the id it makes the idempotency key: answering a turn again repeats no write. */
  readonly turn: number;
  /** Oldest first; the last is the customer's, and is what is answered. */
  readonly messages: readonly ChatMessage[];
  /** E.164, when it is known who writes. */
  readonly customerPhone: string | undefined;
  readonly customerName: string | undefined;
  /** Members of the business have taken over, and the agent does not answer. */
  readonly isWithPeople: boolean;
}

interface ChatRequest {
  readonly input: ChatInput;
  readonly now: Date;
}

type Place = Omit<ChatToAnswer, keyof ChatLine | 'channel'>;

/** Checks everything that can be refused before the answer starts; stores the message of a conversation. */
export async function prepareChat(
  tx: Tx,
  actor: TenantActor,
  channel: Channel,
  request: ChatRequest,
): Promise<ChatToAnswer> {
  const { input, now } = request;
  refuseUnlessMayName(actor, input);
  const line = await loadChatLine(tx, input.agentId, now);
  const place =
    input.conversationId === undefined && !input.remember
      ? await placeOfUnstored(tx, input)
      : await placeInConversation(tx, actor, channel, request);
  return { channel, ...line, ...place };
}

function refuseUnlessMayName({ permissions }: TenantActor, { customer }: ChatInput): void {
  if (customer === undefined || permissions.has('customers:read')) return;
  throw new Forbidden('To say who writes takes the permission customers:read.', {
    code: 'permission-missing',
    data: { missing: ['customers:read'] },
  });
}

async function placeOfUnstored(tx: Tx, input: ChatInput): Promise<Place> {
  const phone = phoneOf(input);
  const customer = phone === undefined ? undefined : await findCustomerByPhone(tx, phone);
  return {
    id: input.chatId ?? newId('chat'),
    conversationId: undefined,
    turn: input.messages.filter(({ role }) => role === 'user').length,
    messages: input.messages,
    customerPhone: phone,
    customerName: customer?.name ?? undefined,
    isWithPeople: false,
  };
}

async function placeInConversation(
  tx: Tx,
  actor: TenantActor,
  channel: Channel,
  request: ChatRequest,
): Promise<Place> {
  const { input, now } = request;
  const { id, customerId } = await conversationFor(tx, actor, channel, request);
  const append = (author: 'customer' | 'agent', text: string) =>
    appendMessage(tx, actor, { conversationId: id, author, text, at: now });
  for (const { role, content } of input.messages.slice(0, -1)) {
    await append(role === 'user' ? 'customer' : 'agent', content);
  }
  const { conversation, sequence } = await append('customer', input.messages.at(-1)!.content);
  const customer = customerId === null ? undefined : await getCustomer(tx, customerId);
  return {
    id,
    conversationId: id,
    turn: sequence,
    messages: await remembered(tx, id),
    customerPhone: customer?.phone ?? undefined,
    customerName: customer?.name ?? undefined,
    isWithPeople: conversation.status === 'escalated',
  };
}

async function conversationFor(
  tx: Tx,
  actor: TenantActor,
  channel: Channel,
  { input, now }: ChatRequest,
): Promise<Conversation> {
  const { conversationId } = input;
  if (conversationId === undefined) {
    const phone = phoneOf(input);
    const customer = phone === undefined ? undefined : await findOrCreateCustomerByPhone(tx, { phone });
    return openConversation(tx, actor, { channel: channel.name, customerId: customer?.id, at: now });
  }
  const conversation = await getConversation(tx, conversationId);
  if (conversation.channel !== channel.name) {
    throw new Conflict('This conversation is on another channel.', { code: 'conversation-on-other-channel' });
  }
  if (conversation.status === 'closed') {
    throw new Conflict('This conversation is closed; open another one with `remember`.', {
      code: 'conversation-closed',
    });
  }
  return conversation;
}

function phoneOf({ customer }: ChatInput): string | undefined {
  return customer === undefined ? undefined : parsePhone(customer.phone, '/customer/phone');
}

async function remembered(tx: Tx, conversationId: ConversationId): Promise<ChatMessage[]> {
  const messages = await recentMessages(tx, conversationId, REMEMBERED_MESSAGES);
  return messages.flatMap((message): ChatMessage | [] => {
    if (message.kind !== 'text' || message.author === 'system' || !message.text) return [];
    return { role: message.author === 'customer' ? 'user' : 'assistant', content: message.text };
  });
}
