import { type AgentParts, Conversation, createAgent, type ReplyPart } from '../agent/agent.ts';
import { newId } from '../platform/data/ids.ts';
import type { ChatToolCall, ChatUsage } from './chat-message.ts';
import type { ChatMessage, ChatToAnswer } from './chat-to-answer.ts';

/** What the agent has written and done. */
export interface WrittenAnswer {
  readonly text: string;
  readonly toolCalls: readonly ChatToolCall[];
  readonly usage: ChatUsage;
  /** False when no model gave an answer to finish with, or the reader left. */
  readonly isComplete: boolean;
}

/**
 * Has the agent answer what was written last; `onPart` is given each part as it comes. Never rejects. A write of a
 * tool that runs when `signal` aborts still finishes.
 */
export async function writeAnswer(
  parts: AgentParts,
  { id, channel, turn, messages, line, variables, customerPhone, customerName }: ChatToAnswer,
  signal: AbortSignal,
  onPart: (part: ReplyPart) => void = () => undefined,
): Promise<WrittenAnswer> {
  const agent = createAgent(parts, {
    channel,
    occasion: { chatId: id },
    line,
    variables,
    customerPhone,
    customerName: () => customerName,
    history: historyOf(messages),
  });
  const answer = new AnswerInProgress();
  await agent.reply({ replyId: newId('rpl'), turn, committed: Promise.resolve(), signal }, (part) => {
    answer.add(part);
    onPart(part);
  });
  return answer;
}

/** Written answers are read in full, so nothing is cut to a heard prefix. */
function historyOf(messages: readonly ChatMessage[]): Conversation {
  const conversation = new Conversation();
  for (const { role, content } of messages) {
    if (role === 'user') {
      conversation.addCallerTurn(content);
      continue;
    }
    const replyId = newId('rpl');
    conversation.beginReply(replyId).addText(content);
    conversation.endReply(replyId, content, { interrupted: false });
  }
  return conversation;
}

class AnswerInProgress implements WrittenAnswer {
  readonly toolCalls: ChatToolCall[] = [];
  readonly #arguments = new Map<string, unknown>();
  #text = '';
  #usage: ChatUsage = { inputTokens: 0, cachedTokens: 0, outputTokens: 0 };
  #isComplete = false;

  get text(): string {
    return this.#text.trim();
  }

  get usage(): ChatUsage {
    return this.#usage;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  add(part: ReplyPart): void {
    switch (part.type) {
      case 'text-delta':
        this.#text += part.text;
        return;
      case 'tool-started':
        this.#arguments.set(part.toolCallId, part.arguments);
        return;
      case 'tool-ended': {
        const { toolCallId: id, tool, status, result, durationMs } = part;
        this.toolCalls.push({ id, tool, arguments: this.#arguments.get(id), status, result, durationMs });
        return;
      }
      case 'model-used':
        this.#usage = {
          inputTokens: this.#usage.inputTokens + part.inputTokens,
          cachedTokens: this.#usage.cachedTokens + part.cachedTokens,
          outputTokens: this.#usage.outputTokens + part.outputTokens,
        };
        return;
      case 'end':
        this.#isComplete = part.outcome === 'completed';
        return;
      // A chat has no silence to bridge and no call to steer.
      case 'model-requested':
      case 'filler':
      case 'filler-text':
      case 'action':
      case 'fault':
        return;
      default:
        part satisfies never;
    }
  }
}
