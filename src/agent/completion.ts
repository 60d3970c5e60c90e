import type { Clock } from '../platform/process/clock.ts';
import { VendorError } from '../platform/process/errors.ts';
import type {
  LanguageModel,
  LanguageModelPart,
  LanguageModelRequest,
  ModelToolCall,
} from './language-model.ts';

/** Above the usual time to first token (375 ms, 750 ms at worst), below what a caller takes for a dead line. */
const FIRST_TOKEN_DEADLINE_MS = 2_500;
/** Maximum gap between two tokens of a stream. */
const STALL_DEADLINE_MS = 2_000;
/** English text has about four characters per token; used for estimates where the vendor reports no usage. */
const CHARACTERS_PER_TOKEN = 4;

export type CompletionOutcome =
  | {
      readonly type: 'finished';
      readonly reason: Extract<LanguageModelPart, { type: 'end' }>['reason'];
      readonly toolCalls: readonly ModelToolCall[];
    }
  /** The vendor refused the request or was unreachable, before the first useful token. */
  | {
      readonly type: 'refused';
      readonly detail: string;
      readonly isRetryable: boolean;
      readonly retryAfterMs: number | undefined;
    }
  /** No useful token before the deadline. */
  | { readonly type: 'timeout'; readonly detail: string }
  /** The stream broke, stalled or stopped without its terminal part after it had begun. */
  | { readonly type: 'truncated'; readonly detail: string }
  | { readonly type: 'aborted' };

interface ModelUsage {
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  readonly estimated: boolean;
}

export interface Completion {
  readonly outcome: CompletionOutcome;
  /** Undefined if the vendor did not accept the request. */
  readonly usage: ModelUsage | undefined;
}

/**
 * One attempt at one completion, watched: it ends when the stream ends, fails or goes quiet, or when `signal` aborts,
 * even if the vendor's iterator never returns. No text is emitted after that. Never rejects.
 */
export function runCompletion(
  deps: { readonly model: LanguageModel; readonly clock: Clock },
  request: LanguageModelRequest,
  options: { readonly signal: AbortSignal; readonly onText: (text: string) => void },
): Promise<Completion> {
  const { promise, resolve } = Promise.withResolvers<Completion>();
  const attempt = new AbortController();
  const toolCalls: ModelToolCall[] = [];
  let reported: Omit<ModelUsage, 'estimated'> | undefined;
  let outputCharacters = 0;
  let hasBegun = false;
  let isSettled = false;
  let deadlineAtMs = deps.clock.nowMs() + FIRST_TOKEN_DEADLINE_MS;
  let cancelTimer = deps.clock.after(FIRST_TOKEN_DEADLINE_MS, onTimer);

  /** Tokens move the deadline only; the timer re-arms itself when it fires, which saves a timer per token. */
  function onTimer(): void {
    const leftMs = deadlineAtMs - deps.clock.nowMs();
    if (leftMs > 0) cancelTimer = deps.clock.after(leftMs, onTimer);
    else if (hasBegun) settle({ type: 'truncated', detail: `no token for ${STALL_DEADLINE_MS} ms` });
    else settle({ type: 'timeout', detail: `no token within ${FIRST_TOKEN_DEADLINE_MS} ms` });
  }

  function settle(outcome: CompletionOutcome): void {
    if (isSettled) return;
    isSettled = true;
    cancelTimer();
    options.signal.removeEventListener('abort', onAbort);
    // Closes the vendor's connection, so that an abandoned completion stops costing tokens.
    if (outcome.type !== 'finished') attempt.abort(outcome.type);
    resolve({ outcome, usage: usageOf(outcome) });
  }

  function usageOf(outcome: CompletionOutcome): ModelUsage | undefined {
    if (reported !== undefined) return { ...reported, estimated: false };
    if (outcome.type === 'refused') return undefined;
    return {
      inputTokens: estimateTokens(JSON.stringify(request.messages) + JSON.stringify(request.tools)),
      cachedTokens: 0,
      outputTokens: Math.ceil(outputCharacters / CHARACTERS_PER_TOKEN),
      estimated: true,
    };
  }

  function onAbort(): void {
    settle({ type: 'aborted' });
  }

  function proveAlive(): void {
    deadlineAtMs = deps.clock.nowMs() + STALL_DEADLINE_MS;
    if (hasBegun) return;
    hasBegun = true;
    cancelTimer();
    cancelTimer = deps.clock.after(STALL_DEADLINE_MS, onTimer);
  }

  function accept(part: LanguageModelPart): void {
    switch (part.type) {
      case 'text-delta':
        // Vendors open a stream with an empty delta, so an empty one is no sign of progress [L5].
        if (part.text === '') return;
        outputCharacters += part.text.length;
        proveAlive();
        options.onText(part.text);
        return;
      case 'progress':
        proveAlive();
        return;
      case 'tool-call':
        outputCharacters += part.call.name.length + part.call.arguments.length;
        toolCalls.push(part.call);
        proveAlive();
        return;
      case 'usage':
        reported = {
          inputTokens: part.inputTokens,
          cachedTokens: part.cachedTokens,
          outputTokens: part.outputTokens,
        };
        return;
      case 'end':
        settle({ type: 'finished', reason: part.reason, toolCalls });
        return;
      default:
        part satisfies never;
    }
  }

  async function pump(): Promise<void> {
    try {
      for await (const part of deps.model.stream(request, { signal: attempt.signal })) {
        if (isSettled) return;
        accept(part);
      }
      settle({ type: 'truncated', detail: 'the stream stopped without its end' });
    } catch (error) {
      settle(hasBegun ? { type: 'truncated', detail: describe(error) } : refusal(error));
    }
  }

  if (options.signal.aborted) onAbort();
  else {
    options.signal.addEventListener('abort', onAbort);
    void pump();
  }
  return promise;
}

function refusal(error: unknown): CompletionOutcome {
  const vendorError = error instanceof VendorError ? error : undefined;
  return {
    type: 'refused',
    detail: describe(error),
    isRetryable: vendorError?.isRetryable ?? true,
    retryAfterMs: vendorError?.retryAfterMs,
  };
}

function describe(error: unknown): string {
  if (error instanceof VendorError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function estimateTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
