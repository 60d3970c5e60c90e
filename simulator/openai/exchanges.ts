import { isObject } from '../vendor-server.ts';
import type { ChatMessage } from './chat-request.ts';

/** A turn of the caller, with the tool runs and replies that followed. */
export interface Exchange {
  /** What the agent had said before, as far as it was heard. */
  readonly agentBefore: string;
  readonly wasInterrupted: boolean;
  /** Empty for what happened before the caller said anything. */
  readonly said: string;
  /** Tools run since, in order. */
  readonly runs: readonly ToolRun[];
  /** What the agent has said since. */
  readonly replied: string;
}

export interface ToolRun {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** As parsed from the tool's message; its text when that is no JSON. */
  readonly result: unknown;
  /** Why it did not work, in the tool's words; undefined when it did. */
  readonly failure: Failure | undefined;
}

export interface Failure {
  /** `refused`: cannot be done like that. `unreachable`: not just now. `unsettled`: may still happen. */
  readonly kind: 'refused' | 'unreachable' | 'unsettled';
  readonly reason: string;
}

const INTERRUPTED = /\s*\[interrupted\]\s*$/;

/** A conversation as turns of the caller. Two messages of the caller in a row are one turn. */
export function exchangesOf(messages: readonly ChatMessage[]): readonly Exchange[] {
  const exchanges: (Exchange & { runs: ToolRun[]; replied: string; said: string })[] = [];
  let agentText = '';
  let previousRole = '';
  for (const [index, message] of messages.entries()) {
    const current = exchanges.at(-1);
    if (message.role === 'user') {
      if (previousRole === 'user' && current) current.said += ` ${message.content}`;
      else {
        exchanges.push({
          agentBefore: agentText.replace(INTERRUPTED, ''),
          wasInterrupted: INTERRUPTED.test(agentText),
          said: message.content,
          runs: [],
          replied: '',
        });
      }
      agentText = '';
    } else if (message.role === 'assistant') {
      agentText = `${agentText} ${message.content}`.trim();
      if (current) current.replied = agentText;
      for (const call of message.toolCalls) {
        // A call that came out as no JSON was none: it is written again.
        if (isObject(parsed(call.arguments)))
          current?.runs.push(runOf(call, resultOf(messages, index, call.id)));
      }
    }
    if (message.role !== 'system') previousRole = message.role;
  }
  return exchanges;
}

function resultOf(messages: readonly ChatMessage[], from: number, id: string): string {
  const found = messages.slice(from).find((message) => message.role === 'tool' && message.toolCallId === id);
  return found?.content ?? '';
}

function runOf(call: { name: string; arguments: string }, content: string): ToolRun {
  const args = parsed(call.arguments);
  const result = parsed(content);
  return { name: call.name, arguments: isObject(args) ? args : {}, result, failure: failureOf(result) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const UNREACHABLE = /^(failed|timeout|timed.out|unavailable|unreachable)$/i;
const UNSETTLED = /^(unknown|running|pending.confirmation)$/i;
const REFUSED = /^(refused|rejected|error|invalid(.arguments)?|not.found|conflict|skipped)$/i;

function failureOf(result: unknown): Failure | undefined {
  if (typeof result === 'string')
    return /^error\b/i.test(result) ? { kind: 'refused', reason: result } : undefined;
  if (!isObject(result)) return undefined;
  const { error, status, ok, reference } = result;
  const inner = isObject(error) ? error : result;
  const reason = [error, inner['message'], inner['reason'], inner['detail'], result['hint']].find(
    (text): text is string => typeof text === 'string' && text.includes(' '),
  );
  const state = [error, inner['code'], inner['status'], status].filter((text) => typeof text === 'string');
  const is = (pattern: RegExp) => state.some((text) => pattern.test(text));
  if (is(UNREACHABLE)) return { kind: 'unreachable', reason: reason ?? '' };
  if (is(UNSETTLED)) return { kind: 'unsettled', reason: reason ?? '' };
  // An order that was cancelled is no failure; a tool call that was cancelled is.
  const isCancelled =
    status === 'cancelled' &&
    Object.values(result).every((value) => typeof value === 'string') &&
    reference === undefined;
  const isFailure = (error !== undefined && error !== null) || ok === false || isCancelled || is(REFUSED);
  return isFailure ? { kind: 'refused', reason: reason ?? '' } : undefined;
}
