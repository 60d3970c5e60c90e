import type { BadToolCall } from '../faults.ts';
import type { ChatRequest } from './chat-request.ts';
import type { Answer } from './receptionist.ts';
import { slicesOf, tokensOf } from './tokens.ts';

export type Delta =
  | { readonly role: 'assistant'; readonly content: string | null; readonly refusal?: null }
  | { readonly content: string }
  | { readonly tool_calls: readonly ToolCallDelta[] };

export interface ToolCallDelta {
  readonly index: number;
  readonly id?: string;
  readonly type?: 'function';
  readonly function: { readonly name?: string; readonly arguments: string };
}

export interface Completion {
  readonly answer: Answer;
  /** The first only opens the message; each other one is a token. */
  readonly deltas: readonly Delta[];
  readonly finishReason: 'stop' | 'tool_calls' | 'length';
  readonly completionTokens: number;
}

/** Cuts an answer into what goes over the wire, at most as many tokens as were allowed. */
export function completionOf(
  answer: Answer,
  request: ChatRequest,
  fault: BadToolCall | undefined,
): Completion {
  const calls = answer.calls.map((call) => ({
    id: call.id,
    name: fault?.type === 'unknown-tool' ? `${call.name}_now` : call.name,
    arguments: spoilt(JSON.stringify(call.arguments), fault),
  }));
  const deltas: Delta[] = [
    ...tokensOf(answer.text).map((content) => ({ content })),
    ...calls.flatMap((call, index) => [
      {
        tool_calls: [
          { index, id: call.id, type: 'function' as const, function: { name: call.name, arguments: '' } },
        ],
      },
      ...slicesOf(call.arguments).map((slice) => ({
        tool_calls: [{ index, function: { arguments: slice } }],
      })),
    ]),
  ];
  const limit = request.maxCompletionTokens ?? Infinity;
  const isCut = deltas.length > limit;
  const sent = isCut ? deltas.slice(0, limit) : deltas;
  const opening: Delta = {
    role: 'assistant',
    content: answer.text === '' && calls.length > 0 ? null : '',
    refusal: null,
  };
  return {
    answer,
    deltas: [opening, ...sent],
    finishReason: isCut ? 'length' : calls.length > 0 ? 'tool_calls' : 'stop',
    completionTokens: sent.length,
  };
}

/** The whole message at once, for a request without `stream`. */
export function messageOf({ deltas }: Completion): object {
  const text = deltas.map((delta) => ('content' in delta ? (delta.content ?? '') : '')).join('');
  const calls: { id: string; type: 'function'; function: { name: string; arguments: string } }[] = [];
  for (const delta of deltas) {
    if (!('tool_calls' in delta)) continue;
    for (const { index, id, function: part } of delta.tool_calls) {
      calls[index] ??= { id: id ?? '', type: 'function', function: { name: part.name ?? '', arguments: '' } };
      calls[index].function.arguments += part.arguments;
    }
  }
  return {
    role: 'assistant',
    content: text === '' && calls.length > 0 ? null : text,
    refusal: null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
}

function spoilt(json: string, fault: BadToolCall | undefined): string {
  return fault?.type === 'invalid-arguments' ? `${json.slice(0, -1)}, "and": ` : json;
}
