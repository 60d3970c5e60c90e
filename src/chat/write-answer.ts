import { inTenant } from '../business/tenancy/tenants/unit-of-work.ts';
import type { Logger } from 'pino';
import type { Clock } from '../platform/process/clock.ts';
import type { Db } from '../platform/data/db.ts';
import { appendMessage } from '../business/record/conversations/service.ts';
import type { ChatAnswer, ChatToolCall } from './schema.ts';
import type { PreparedChat } from './service.ts';
import type { TextAgent, TextReplyEvent } from '../agent/text-agent.ts';

export interface ChatDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly textAgent: TextAgent;
}

/**
 * Has the agent answer, and puts the answer into its conversation, also what was written when the reader went away.
 * Undefined when no model gave an answer to finish with, or `signal` aborted.
 */
export async function answerChat(
  { db, clock, logger, textAgent }: ChatDependencies,
  chat: PreparedChat,
  signal: AbortSignal,
  onEvent: (event: TextReplyEvent) => void,
): Promise<ChatAnswer | undefined> {
  const written = new WrittenAnswer();
  if (!chat.isWithPeople) {
    await textAgent.reply({ ...chat.request, signal }, (event) => {
      written.add(event);
      onEvent(event);
    });
  }
  const { conversationId, request, agentId } = chat;
  const { content, toolCalls } = written;
  if (conversationId !== undefined && (content !== '' || toolCalls.length > 0)) {
    await inTenant(db, request.tenantId, (tx) =>
      appendMessage(tx, {
        conversationId,
        author: 'agent',
        authorId: agentId,
        text: content,
        toolCalls: toolCalls.map(({ tool, arguments: given, status, result }) => ({
          tool,
          arguments: given,
          status,
          result,
        })),
        at: clock.date(),
      }),
    ).catch((error: unknown) => {
      // The customer has read it already.
      logger.error({ err: error, conversationId }, 'chat answer not stored in its conversation');
    });
  }
  if (signal.aborted || (!written.isComplete && !chat.isWithPeople)) return undefined;
  return {
    chatId: conversationId === undefined ? request.chatId : null,
    conversationId: conversationId ?? null,
    agentId,
    agentVersionId: request.agentVersionId,
    message: chat.isWithPeople ? null : { role: 'assistant', content },
    toolCalls,
    usage: written.usage,
  };
}

/** Collects the events of an answer. */
class WrittenAnswer {
  readonly toolCalls: ChatToolCall[] = [];
  readonly #arguments = new Map<string, unknown>();
  #text = '';
  #isComplete = false;
  #inputTokens = 0;
  #cachedTokens = 0;
  #outputTokens = 0;

  get content(): string {
    return this.#text.trim();
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  get usage(): ChatAnswer['usage'] {
    return {
      inputTokens: this.#inputTokens,
      cachedTokens: this.#cachedTokens,
      outputTokens: this.#outputTokens,
    };
  }

  add(event: TextReplyEvent): void {
    switch (event.type) {
      case 'text':
        this.#text += event.text;
        return;
      case 'tool-call':
        this.#arguments.set(event.id, event.arguments);
        return;
      case 'tool-result': {
        const { id, tool, status, result, durationMs } = event;
        this.toolCalls.push({ id, tool, arguments: this.#arguments.get(id), status, result, durationMs });
        return;
      }
      case 'usage':
        this.#inputTokens += event.inputTokens;
        this.#cachedTokens += event.cachedTokens;
        this.#outputTokens += event.outputTokens;
        return;
      case 'end':
        this.#isComplete = event.outcome === 'completed';
        return;
      default:
        event satisfies never;
    }
  }
}
