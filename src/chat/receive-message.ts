import {
  appendMessage,
  type Conversation,
  openConversation,
} from '../business/record/conversations/conversations.ts';
import type { TenantActor } from '../business/tenancy/actor/actor.ts';
import type { AgentId, ConversationId, CustomerId } from '../business/tenancy/ids/ids.ts';
import type { Tx } from '../business/tenancy/tenancy.ts';
import { enqueueAnswer } from './answer-job.ts';
import type { ChatChannel } from './channel.ts';

export interface ReceivedMessage {
  readonly agentId: AgentId;
  readonly customerId: CustomerId;
  readonly text: string;
  readonly at: Date;
}

/**
 * For channels whose customers write to the business and are answered later: puts the message into the customer's
 * conversation on this channel, and has the agent answer it by a job, both in this transaction.
 */
export async function receiveMessage(
  tx: Tx,
  actor: TenantActor,
  { name: channel }: ChatChannel,
  { agentId, customerId, text, at }: ReceivedMessage,
): Promise<ConversationId> {
  const { id }: Conversation = await openConversation(tx, actor, { channel, customerId, at });
  const { sequence } = await appendMessage(tx, actor, {
    conversationId: id,
    author: 'customer',
    text,
    at,
  });
  await enqueueAnswer(tx, { conversationId: id, agentId, sequence });
  return id;
}
