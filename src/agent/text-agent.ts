import type { AgentConfig } from '../business/line/agents/agent-config.ts';
import type { ToolStatus } from '../business/record/calls/call-event.ts';
import type { TenantId } from '../platform/data/ids.ts';
import type { AgentVersionId, ChatId, ConversationId } from '../business/tenancy/references/ids.ts';

/** A tenant's agent in a chat, with the prompt and the tools that it has on calls. */
export interface TextAgent {
  /**
   * Answers what was written last. Events come in order and end with exactly one `end`, unless `signal` aborts. Never
   * rejects. A write that runs when the signal aborts still finishes.
   */
  reply(request: TextReplyRequest, emit: (event: TextReplyEvent) => void): Promise<void>;
}

export interface TextReplyRequest {
  readonly tenantId: TenantId;
  readonly businessName: string;
  /** IANA zone of the business. */
  readonly timeZone: string;
  /** More variables for the agent's instructions, such as `business.hours`. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly agentVersionId: AgentVersionId;
  readonly agent: AgentConfig;
  /** With the turn it makes the idempotency key: sending a turn again repeats no write. */
  readonly chatId: ChatId | ConversationId;
  readonly turn: number;
  /** Oldest first; the last is the customer's, and is what is answered. */
  readonly messages: readonly ChatMessage[];
  /** E.164, when it is known who writes. */
  readonly customerPhone: string | undefined;
  readonly customerName: string | undefined;
  readonly signal: AbortSignal;
}

export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

export interface TextUsage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

export type TextReplyEvent =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool-call';
      readonly id: string;
      readonly tool: string;
      readonly arguments: unknown;
    }
  | {
      readonly type: 'tool-result';
      readonly id: string;
      readonly tool: string;
      readonly status: ToolStatus;
      readonly result: unknown;
      readonly durationMs: number;
    }
  /** Of one request to a model; there may be several. */
  | ({ readonly type: 'usage' } & TextUsage)
  /** `failed`: no model gave an answer to finish with. */
  | { readonly type: 'end'; readonly outcome: 'completed' | 'failed' };
