import { getCustomer } from '../business/customers/customers.ts';
import {
  type Conversation,
  type ConversationMessage,
  recentMessages,
} from '../business/record/conversations/conversations.ts';
import type { ChatId, ConversationId } from '../business/tenancy/ids/ids.ts';
import type { Tx } from '../business/tenancy/tenancy.ts';
import type { ChatChannel } from './channel.ts';
import type { ChatLine } from './chat-line.ts';

/** Number of past messages that the agent is given. */
const REMEMBERED_MESSAGES = 60;

export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** Everything that an answer is made from, so that no database is asked while the agent writes. */
export interface ChatToAnswer extends ChatLine {
  readonly channel: ChatChannel;
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

/** All but whose line it is, and where. */
export type ChatContent = Omit<ChatToAnswer, keyof ChatLine | 'channel'>;

/** What a stored conversation holds for an answer; undefined where everything has been answered. */
export async function contentOfConversation(
  tx: Tx,
  { id, customerId, status }: Conversation,
  answeredSequence: number,
): Promise<ChatContent | undefined> {
  const stored = await recentMessages(tx, id, REMEMBERED_MESSAGES);
  const isUnanswered = (message: ConversationMessage): boolean =>
    message.kind === 'text' && message.author === 'customer' && message.sequence > answeredSequence;
  const unanswered = stored.filter(isUnanswered);
  const last = unanswered.at(-1);
  if (last === undefined) return undefined;
  const customer = customerId === null ? undefined : await getCustomer(tx, customerId);
  return {
    id,
    conversationId: id,
    turn: last.sequence,
    // What was written while an answer to earlier messages was on its way comes after that answer, to be answered now.
    messages: [...stored.filter((message) => !isUnanswered(message)), ...unanswered].flatMap(forModel),
    customerPhone: customer?.phone ?? undefined,
    customerName: customer?.name ?? undefined,
    isWithPeople: status === 'escalated',
  };
}

function forModel(message: ConversationMessage): ChatMessage | [] {
  if (message.kind !== 'text' || message.author === 'system' || !message.text) return [];
  return { role: message.author === 'customer' ? 'user' : 'assistant', content: message.text };
}
