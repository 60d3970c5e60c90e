/** Contract of a streaming chat model. */
export interface LanguageModel {
  readonly vendor: string;
  /**
   * One completion. Parts come in order and end with exactly one `end`; anything else that ends the iteration is an
   * error: a VendorError is thrown when the request is refused, the stream breaks, or it stops without its terminal
   * marker. When `signal` aborts, iteration returns at once without `end`. No retries inside.
   */
  stream(request: LanguageModelRequest, options: { signal: AbortSignal }): AsyncIterable<LanguageModelPart>;
}

export interface LanguageModelRequest {
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly ModelTool[];
  readonly maxOutputTokens: number;
  /** Stable per agent version, so that the vendor's prompt cache is hit. */
  readonly cacheKey: string;
}

export type ModelMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string }
  | { readonly role: 'assistant'; readonly content: string; readonly toolCalls?: readonly ModelToolCall[] }
  | { readonly role: 'tool'; readonly toolCallId: string; readonly content: string };

export interface ModelToolCall {
  readonly id: string;
  readonly name: string;
  /** JSON as the model wrote it; may be invalid. */
  readonly arguments: string;
}

export interface ModelTool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema, strict: every property required, no additional ones. */
  readonly parameters: Record<string, unknown>;
}

export type LanguageModelPart =
  | { readonly type: 'text-delta'; readonly text: string }
  /**
   * The model is writing something that is not text, such as a tool call's arguments. It only shows that the stream is
   * alive.
   */
  | { readonly type: 'progress' }
  /** Complete; several may come in one completion. */
  | { readonly type: 'tool-call'; readonly call: ModelToolCall }
  | {
      readonly type: 'usage';
      readonly inputTokens: number;
      readonly cachedTokens: number;
      readonly outputTokens: number;
    }
  | { readonly type: 'end'; readonly reason: 'stop' | 'tool-calls' | 'length' | 'filtered' };
