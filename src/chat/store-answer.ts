import { appendMessage } from '../business/record/conversations/conversations.ts';
import type { TenantActor } from '../business/tenancy/actor/actor.ts';
import type { ConversationId } from '../business/tenancy/ids/ids.ts';
import type { Tx } from '../business/tenancy/tenancy.ts';
import type { WrittenAnswer } from './write-answer.ts';

interface AnswerToStore {
  readonly conversationId: ConversationId;
  readonly agentId: string;
  readonly written: WrittenAnswer;
  readonly at: Date;
}

/** Puts the answer into its conversation, and gives its sequence there. */
export async function storeAnswer(
  tx: Tx,
  agent: TenantActor,
  { conversationId, agentId, written: { text, toolCalls }, at }: AnswerToStore,
): Promise<number> {
  const { sequence } = await appendMessage(tx, agent, {
    conversationId,
    author: 'agent',
    authorId: agentId,
    text,
    toolCalls: toolCalls.map(({ tool, arguments: given, status, result }) => ({
      tool,
      arguments: given,
      status,
      result,
    })),
    at,
  });
  return sequence;
}
