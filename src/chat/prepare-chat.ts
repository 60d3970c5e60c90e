import {
  findCustomerByPhone,
  findOrCreateCustomerByPhone,
  parsePhone,
} from '../business/customers/customers.ts';
import {
  appendMessage,
  type Conversation,
  getConversation,
  openConversation,
} from '../business/record/conversations/conversations.ts';
import type { TenantActor } from '../business/tenancy/actor/actor.ts';
import type { Tx } from '../business/tenancy/tenancy.ts';
import { newId } from '../platform/data/ids.ts';
import { Conflict, Forbidden } from '../platform/process/errors.ts';
import type { ChatChannel } from './channel.ts';
import { loadChatLine } from './chat-line.ts';
import type { ChatInput } from './chat-message.ts';
import { type ChatContent, type ChatToAnswer, contentOfConversation } from './chat-to-answer.ts';

interface ChatRequest {
  readonly input: ChatInput;
  readonly now: Date;
}

/** Checks everything that can be refused before the answer starts; stores the message of a conversation. */
export async function prepareChat(
  tx: Tx,
  actor: TenantActor,
  channel: ChatChannel,
  request: ChatRequest,
): Promise<ChatToAnswer> {
  const { input, now } = request;
  refuseUnlessMayName(actor, input);
  const line = await loadChatLine(tx, input.agentId, now);
  const content =
    input.conversationId === undefined && !input.remember
      ? await contentOfRequest(tx, input)
      : await contentInConversation(tx, actor, channel, request);
  return { channel, ...line, ...content };
}

function refuseUnlessMayName({ permissions }: TenantActor, { customer }: ChatInput): void {
  if (customer === undefined || permissions.has('customers:read')) return;
  throw new Forbidden('To say who writes takes the permission customers:read.', {
    code: 'permission-missing',
    data: { missing: ['customers:read'] },
  });
}

async function contentOfRequest(tx: Tx, input: ChatInput): Promise<ChatContent> {
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

async function contentInConversation(
  tx: Tx,
  actor: TenantActor,
  channel: ChatChannel,
  { input, now }: ChatRequest,
): Promise<ChatContent> {
  const { id } = await conversationFor(tx, actor, channel, { input, now });
  const append = (author: 'customer' | 'agent', text: string) =>
    appendMessage(tx, actor, { conversationId: id, author, text, at: now });
  for (const { role, content } of input.messages.slice(0, -1)) {
    await append(role === 'user' ? 'customer' : 'agent', content);
  }
  const { conversation, sequence } = await append('customer', input.messages.at(-1)!.content);
  return (await contentOfConversation(tx, conversation, sequence - 1))!;
}

async function conversationFor(
  tx: Tx,
  actor: TenantActor,
  channel: ChatChannel,
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
