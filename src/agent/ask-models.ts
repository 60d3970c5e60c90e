import type { Clock } from '../platform/process/clock.ts';
import { type CompletionOutcome, runCompletion } from './completion.ts';
import { Continuation, WordBuffer } from './continuation.ts';
import type { LanguageModel, LanguageModelRequest, ModelMessage, ModelToolCall } from './language-model.ts';
import type { ModelChoice } from './model-choice.ts';
import type { ReplyPart } from './reply-part.ts';

/**
 * Backoff before each attempt at one completion, counted over both models. The second model is asked at once; after two
 * refusals in a row an immediate retry rarely succeeds. The silence watch stops the attempts when the caller has waited
 * long enough.
 */
const PAUSES_BEFORE_TRIES_MS = [0, 0, 300, 600, 1_000, 1_500];

const CONTINUE: ModelMessage = {
  role: 'system',
  content:
    'Your answer broke off after the words above, and the caller has been given them. Go on from exactly there, in the same sentence. Do not repeat any of it and do not start over.',
};

export interface Answer {
  readonly text: string;
  readonly toolCalls: readonly ModelToolCall[];
}

export interface AskDeps {
  readonly model: LanguageModel;
  readonly models: ModelChoice;
  readonly clock: Clock;
}

export interface AskOptions {
  readonly signal: AbortSignal;
  /** Streamed text in whole words; no word twice, whichever model writes it. */
  readonly onText: (text: string) => void;
  readonly emit: (part: ReplyPart) => void;
}

interface Attempt {
  readonly text: string;
  /** Undefined when the completion did not finish. */
  readonly toolCalls: readonly ModelToolCall[] | undefined;
}

/**
 * One completion with failover: when a model refuses, hangs or breaks off, the other one continues its text. Undefined
 * if neither could complete it, or `signal` aborted.
 */
export async function askModels(
  deps: AskDeps,
  request: Omit<LanguageModelRequest, 'model'>,
  options: AskOptions,
): Promise<Answer | undefined> {
  let text = '';
  for (const pauseMs of PAUSES_BEFORE_TRIES_MS) {
    if (pauseMs > 0) await pause(deps.clock, pauseMs, options.signal);
    const model = deps.models.pick(deps.clock.nowMs());
    if (model === undefined || options.signal.aborted) return undefined;
    const messages = text === '' ? request.messages : [...request.messages, saidSoFar(text), CONTINUE];
    const attempt = await tryModel(deps, { ...request, model, messages }, text, options);
    text += attempt.text;
    if (attempt.toolCalls !== undefined) return { text, toolCalls: attempt.toolCalls };
  }
  return undefined;
}

async function tryModel(
  deps: AskDeps,
  request: LanguageModelRequest,
  textSoFar: string,
  { signal, onText, emit }: AskOptions,
): Promise<Attempt> {
  const { model } = request;
  const buffer = new WordBuffer();
  const continuation = new Continuation(textSoFar);
  let text = '';
  const say = (words: string): void => {
    text += words;
    onText(words);
  };
  emit({ type: 'model-requested', model });
  const { outcome, usage } = await runCompletion(deps, request, {
    signal,
    onText: (delta) => say(buffer.push(continuation.push(delta))),
  });
  if (usage !== undefined) emit({ type: 'model-used', model, ...usage });
  if (outcome.type === 'aborted') return { text, toolCalls: undefined };
  if (outcome.type === 'finished') {
    say(buffer.push(continuation.flush()) + buffer.flush());
    const { toolCalls } = outcome;
    if (toolCalls.length > 0 || (textSoFar + text).trim() !== '') return { text, toolCalls };
  }
  const failure = outcome.type === 'finished' ? withoutAWord(outcome.reason) : outcome;
  deps.models.failed(model, failure, deps.clock.nowMs());
  const detail = `${model}: ${failure.detail}`;
  emit({ type: 'fault', kind: faultKinds[failure.type], vendor: deps.model.vendor, detail });
  return { text, toolCalls: undefined };
}

const faultKinds = { refused: 'llm.failover', timeout: 'llm.timeout', truncated: 'llm.truncated' } as const;

/** An empty completion is handled like one that broke off before its first word, because it makes no sound. */
function withoutAWord(reason: string): Extract<CompletionOutcome, { type: 'truncated' }> {
  return { type: 'truncated', detail: `ended (${reason}) without a word` };
}

function saidSoFar(text: string): ModelMessage {
  return { role: 'assistant', content: text.trim() };
}

/** Resolves early when the reply is stopped. */
async function pause(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(durationMs, resolve);
  const onAbort = (): void => resolve();
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) resolve();
  await promise;
  cancel();
  signal.removeEventListener('abort', onAbort);
}
