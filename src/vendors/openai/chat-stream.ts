import type { ChatCompletionChunk } from 'openai/resources';
import type { LanguageModelPart, ModelToolCall } from '../../agent/agent.ts';

type EndReason = Extract<LanguageModelPart, { type: 'end' }>['reason'];

/** Converts the vendor's chunks to parts: text at once, a tool call when it is complete. */
export class ChatStream {
  readonly #toolCalls = new Map<number, { id: string; name: string; arguments: string }>();
  #endReason: EndReason | undefined;

  /** True if the vendor has sent a finish reason; a stream that ends without one is truncated. */
  get isComplete(): boolean {
    return this.#endReason !== undefined;
  }

  accept(chunk: ChatCompletionChunk): readonly LanguageModelPart[] {
    const parts: LanguageModelPart[] = [];
    // The chunk with the usage has no choices; stand-ins leave the list out altogether.
    const choice = (chunk.choices as ChatCompletionChunk['choices'] | undefined)?.[0];
    const delta = choice?.delta;
    // A refusal is spoken to the caller like any other answer.
    const text = (delta?.content ?? '') + (delta?.refusal ?? '');
    if (text !== '') parts.push({ type: 'text-delta', text });
    const slices = delta?.tool_calls ?? [];
    for (const slice of slices) this.#collect(slice);
    if (text === '' && slices.length > 0) parts.push({ type: 'progress' });
    if (choice?.finish_reason) this.#endReason = endReasonOf(choice.finish_reason);
    if (chunk.usage) parts.push(usageOf(chunk.usage));
    return parts;
  }

  /** The parts to emit when the stream is complete. */
  finish(): readonly LanguageModelPart[] {
    const calls = [...this.#toolCalls.entries()]
      .toSorted(([left], [right]) => left - right)
      .map(([, call]): ModelToolCall => call);
    const reason =
      this.#endReason === 'stop' && calls.length > 0 ? 'tool-calls' : (this.#endReason ?? 'stop');
    return [...calls.map((call) => ({ type: 'tool-call', call }) as const), { type: 'end', reason }];
  }

  /** Only the first delta of a call has its id and name; the others are arbitrary fragments of the arguments. */
  #collect(slice: ChatCompletionChunk.Choice.Delta.ToolCall): void {
    const known = this.#toolCalls.get(slice.index);
    if (known === undefined) {
      this.#toolCalls.set(slice.index, {
        id: slice.id ?? `call_${slice.index}`,
        name: slice.function?.name ?? '',
        arguments: slice.function?.arguments ?? '',
      });
    } else known.arguments += slice.function?.arguments ?? '';
  }
}

function endReasonOf(reason: string): EndReason {
  switch (reason) {
    case 'tool_calls':
    case 'function_call':
      return 'tool-calls';
    case 'length':
      return 'length';
    case 'content_filter':
      return 'filtered';
    default:
      return 'stop';
  }
}

function usageOf(usage: NonNullable<ChatCompletionChunk['usage']>): LanguageModelPart {
  return {
    type: 'usage',
    inputTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    outputTokens: usage.completion_tokens,
  };
}
