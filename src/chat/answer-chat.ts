import type { Logger } from 'pino';
import type { AgentParts } from '../agent/agent.ts';
import type { ReplyPart } from '../agent/reply-part.ts';
import { appendMessage } from '../business/record/conversations/conversations.ts';
import { agentActor } from '../business/tenancy/access/access.ts';
import type { Tenancy } from '../business/tenancy/tenancy.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { ChatAnswer } from './chat-message.ts';
import type { ChatToAnswer } from './prepare-chat.ts';
import { type WrittenAnswer, writeAnswer } from './write-answer.ts';

/** What chats are answered with. */
export interface ChatParts {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly agent: AgentParts;
}

/**
 * Answers within a request, and puts the answer into its conversation, also what was written when the reader went
 * away. Undefined when no model gave an answer to finish with, or `signal` aborted.
 */
export async function answerChat(
  chats: ChatParts,
  chat: ChatToAnswer,
  signal: AbortSignal,
  onPart: (part: ReplyPart) => void,
): Promise<ChatAnswer | undefined> {
  if (chat.isWithPeople) return presentAnswer(chat, undefined);
  const written = await writeAnswer(chats.agent, chat, signal, onPart);
  await storeAnswer(chats, chat, written).catch((error: unknown) => {
    // The customer has read it already.
    chats.logger.error({ err: error, conversationId: chat.conversationId }, 'chat answer not stored');
  });
  return signal.aborted || !written.isComplete ? undefined : presentAnswer(chat, written);
}

async function storeAnswer(
  { tenancy, clock }: ChatParts,
  { conversationId, line }: ChatToAnswer,
  { text, toolCalls }: WrittenAnswer,
): Promise<void> {
  if (conversationId === undefined || (text === '' && toolCalls.length === 0)) return;
  const agent = agentActor(line.tenantId, conversationId, line.agentId);
  await tenancy.run(agent, (tx) =>
    appendMessage(tx, agent, {
      conversationId,
      author: 'agent',
      authorId: line.agentId,
      text,
      toolCalls: toolCalls.map(({ tool, arguments: given, status, result }) => ({
        tool,
        arguments: given,
        status,
        result,
      })),
      at: clock.date(),
    }),
  );
}

/** Without an answer where people have taken over. */
function presentAnswer(
  { id, conversationId, line }: ChatToAnswer,
  written: WrittenAnswer | undefined,
): ChatAnswer {
  return {
    chatId: conversationId === undefined ? id : null,
    conversationId: conversationId ?? null,
    agentId: line.agentId,
    agentVersionId: line.agentVersionId,
    message: written === undefined ? null : { role: 'assistant', content: written.text },
    toolCalls: [...(written?.toolCalls ?? [])],
    usage: written?.usage ?? { inputTokens: 0, cachedTokens: 0, outputTokens: 0 },
  };
}
