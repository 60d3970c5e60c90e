import type { ToolStatus } from '../business/record/calls/calls.ts';
import type { PhraseName } from './prompt/prompt.ts';
import type { CallAction } from './tools/tools.ts';

/** The events of an agent's reply, in order. They end with exactly one `end` unless the reply was aborted. */
export type ReplyPart =
  /** A request has gone to the model; several when tools were called or a fallback took over. */
  | { readonly type: 'model-requested'; readonly model: string }
  | { readonly type: 'text-delta'; readonly text: string }
  /** A stock phrase to speak while the answer takes long. */
  | { readonly type: 'filler'; readonly phrase: PhraseName }
  /** The waiting line of a tool. */
  | { readonly type: 'filler-text'; readonly text: string }
  | {
      readonly type: 'tool-started';
      readonly toolCallId: string;
      readonly tool: string;
      readonly arguments: unknown;
    }
  | {
      readonly type: 'tool-ended';
      readonly toolCallId: string;
      readonly tool: string;
      readonly status: ToolStatus;
      readonly result: unknown;
      readonly durationMs: number;
    }
  /** Carried out after the reply has been played. */
  | { readonly type: 'action'; readonly action: CallAction }
  | {
      readonly type: 'model-used';
      readonly model: string;
      readonly inputTokens: number;
      readonly cachedTokens: number;
      readonly outputTokens: number;
      /** True when the stream was aborted before the vendor reported its usage, so that the figure is an estimate. */
      readonly estimated: boolean;
    }
  | { readonly type: 'fault'; readonly kind: string; readonly vendor: string; readonly detail: string }
  /** `failed`: no model completed an answer; the session apologises. */
  | { readonly type: 'end'; readonly outcome: 'completed' | 'failed' };

/** One call's agent: prompt, conversation, model and tools. */
export interface Agent {
  /**
   * Produces the reply to the conversation as it stands and resolves after `end`, or soon after `signal` aborts
   * (then without `end`); never rejects. A write that was running when the signal aborted still finishes and still
   * gives its `tool-ended`, perhaps after the promise has resolved, so that its effect is recorded.
   */
  reply(request: ReplyRequest, emit: (part: ReplyPart) => void): Promise<void>;
}

export interface ReplyRequest {
  /** Id of the reply in the conversation, where its tool calls and its heard text are recorded. */
  readonly replyId: string;
  /** The caller turn answered; with the tool and its arguments it makes the idempotency key. */
  readonly turn: number;
  /** For a speculative run: the caller's words so far, which are not in the conversation yet. */
  readonly speculativeText?: string;
  /**
   * Resolves when the caller's turn is committed and in the conversation. Tools wait for it; text does not.
   * Without `speculativeText` the turn counts as over from the start.
   */
  readonly committed: Promise<void>;
  readonly signal: AbortSignal;
}
