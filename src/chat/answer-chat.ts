import type { ReplyPart } from '../agent/agent.ts';
import { agentActor } from '../business/tenancy/actor/actor.ts';
import type { ChatAnswer } from './chat-message.ts';
import type { ChatParts } from './chat-parts.ts';
import { markAnswered } from './chat-progress.ts';
import type { ChatToAnswer } from './chat-to-answer.ts';
import { storeAnswer } from './store-answer.ts';
import { type WrittenAnswer, writeAnswer } from './write-answer.ts';

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
  await store(chats, chat, written).catch((error: unknown) => {
    // The customer has read it already.
    chats.logger.error({ err: error, conversationId: chat.conversationId }, 'chat answer not stored');
  });
  return signal.aborted || !written.isComplete ? undefined : presentAnswer(chat, written);
}

async function store(
  { tenancy, clock }: ChatParts,
  chat: ChatToAnswer,
  written: WrittenAnswer,
): Promise<void> {
  const { conversationId, turn, line } = chat;
  if (conversationId === undefined || (written.text === '' && written.toolCalls.length === 0)) return;
  const { tenantId, agentId } = line;
  const agent = agentActor(tenantId, conversationId, agentId);
  await tenancy.run(agent, async (tx) => {
    await markAnswered(tx, conversationId, turn);
    await storeAnswer(tx, agent, { conversationId, agentId, written, at: clock.date() });
  });
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
