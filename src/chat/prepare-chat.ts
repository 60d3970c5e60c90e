import type { Db } from '../platform/data/db.ts';
import { Conflict, Forbidden, Unprocessable } from '../platform/process/errors.ts';
import { newId } from '../platform/data/ids.ts';
import type { ConversationId } from '../business/tenancy/references/ids.ts';
import type { TenantActor } from '../business/tenancy/access/actor.ts';
import { findPublishedVersion } from '../business/line/agents/service.ts';
import {
  findCustomerByPhone,
  findOrCreateCustomerByPhone,
  getCustomer,
} from '../business/customers/customers.ts';
import { parsePhone } from '../business/customers/customers.ts';
import { lineVariables, readBusinessHours } from '../business/line/directory/directory.ts';
import { getTenant } from '../business/tenancy/tenants/tenants.ts';
import { inTenant } from '../business/tenancy/tenants/unit-of-work.ts';
import {
  appendMessage,
  type Conversation,
  getConversation,
  openConversation,
  recentMessages,
} from '../business/record/conversations/service.ts';
import type { ChatInput } from './schema.ts';
import type { ChatMessage, TextReplyRequest } from '../agent/text-agent.ts';

/** Number of past messages that the agent is given. */
const REMEMBERED_MESSAGES = 60;

export interface PreparedChat {
  readonly agentId: ChatInput['agentId'];
  readonly conversationId: ConversationId | undefined;
  /** Members of the business have taken over, and the agent does not answer. */
  readonly isWithPeople: boolean;
  readonly request: Omit<TextReplyRequest, 'signal'>;
}

/** Checks everything that can be refused before the answer starts; stores the message of a conversation. */
export function prepareChat(db: Db, actor: TenantActor, input: ChatInput, now: Date): Promise<PreparedChat> {
  const { tenantId } = actor;
  if (input.customer !== undefined && !actor.permissions.has('customers:read')) {
    throw new Forbidden('To say who writes takes the permission customers:read.', {
      code: 'permission-missing',
      data: { missing: ['customers:read'] },
    });
  }
  return inTenant(db, tenantId, async (transaction) => {
    const version = await findPublishedVersion(transaction, tenantId, input.agentId);
    if (version === undefined) {
      throw new Unprocessable('This agent has no published version.', { code: 'agent-not-published' });
    }
    const { name: businessName, timeZone } = await getTenant(transaction, tenantId);
    const hours = await readBusinessHours(transaction, timeZone);
    const place = await placeOf(transaction, actor, input, now);
    const line = { agent: version.config, ...(hours === undefined ? {} : { hours }) };
    return {
      agentId: input.agentId,
      conversationId: place.conversation?.id,
      isWithPeople: place.conversation?.status === 'escalated',
      request: {
        tenantId,
        businessName,
        timeZone,
        variables: lineVariables(line, now),
        agentVersionId: version.id,
        agent: version.config,
        ...place.written,
      },
    };
  });
}

interface Place {
  readonly conversation: Conversation | undefined;
  readonly written: Pick<TextReplyRequest, 'chatId' | 'turn' | 'messages' | 'customerPhone' | 'customerName'>;
}

async function placeOf(db: Db, actor: TenantActor, input: ChatInput, now: Date): Promise<Place> {
  const { tenantId } = actor;
  const phone =
    input.customer === undefined ? undefined : parsePhone(input.customer.phone, '/customer/phone');
  if (input.conversationId === undefined && !input.remember) {
    const customer =
      phone === undefined ? undefined : await inTenant(db, tenantId, (tx) => findCustomerByPhone(tx, phone));
    return {
      conversation: undefined,
      written: {
        chatId: input.chatId ?? newId('chat'),
        turn: input.messages.filter(({ role }) => role === 'user').length,
        messages: input.messages,
        customerPhone: phone,
        customerName: customer?.name ?? undefined,
      },
    };
  }
  const conversation = await conversationFor(db, actor, input, phone, now);
  for (const { role, content } of input.messages.slice(0, -1)) {
    await append(db, actor, conversation, { author: role === 'user' ? 'customer' : 'agent', content, now });
  }
  const { content } = input.messages.at(-1)!;
  const added = await append(db, actor, conversation, { author: 'customer', content, now });
  const { customerId } = conversation;
  const customer =
    customerId === null ? undefined : await inTenant(db, tenantId, (tx) => getCustomer(tx, customerId));
  return {
    conversation: added.conversation,
    written: {
      chatId: conversation.id,
      turn: added.sequence,
      messages: await remembered(db, actor, conversation.id),
      customerPhone: customer?.phone ?? undefined,
      customerName: customer?.name ?? undefined,
    },
  };
}

async function conversationFor(
  db: Db,
  { tenantId }: TenantActor,
  input: ChatInput,
  phone: string | undefined,
  now: Date,
): Promise<Conversation> {
  const { conversationId } = input;
  if (conversationId === undefined) {
    const customer =
      phone === undefined
        ? undefined
        : await inTenant(db, tenantId, (tx) => findOrCreateCustomerByPhone(tx, { phone }));
    return inTenant(db, tenantId, (tx) =>
      openConversation(tx, { channel: 'web-chat', customerId: customer?.id, at: now }),
    );
  }
  const conversation = await inTenant(db, tenantId, (tx) => getConversation(tx, conversationId));
  if (conversation.channel !== 'web-chat') {
    throw new Conflict('This conversation is on another channel.', { code: 'conversation-on-other-channel' });
  }
  if (conversation.status === 'closed') {
    throw new Conflict('This conversation is closed; open another one with `remember`.', {
      code: 'conversation-closed',
    });
  }
  return conversation;
}

function append(
  db: Db,
  { tenantId }: TenantActor,
  { id }: Conversation,
  message: { readonly author: 'customer' | 'agent'; readonly content: string; readonly now: Date },
) {
  const { author, content: text, now: at } = message;
  return inTenant(db, tenantId, (tx) => appendMessage(tx, { conversationId: id, author, text, at }));
}

async function remembered(
  db: Db,
  { tenantId }: TenantActor,
  conversationId: ConversationId,
): Promise<ChatMessage[]> {
  const messages = await inTenant(db, tenantId, (tx) =>
    recentMessages(tx, conversationId, REMEMBERED_MESSAGES),
  );
  return messages.flatMap((message): ChatMessage | [] => {
    if (message.kind !== 'text' || message.author === 'system' || !message.text) return [];
    return { role: message.author === 'customer' ? 'user' : 'assistant', content: message.text };
  });
}
