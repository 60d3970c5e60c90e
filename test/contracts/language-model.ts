import { describe, expect, it } from 'vitest';
import type {
  LanguageModel,
  LanguageModelPart,
  LanguageModelRequest,
} from '../../src/agent/language-model.ts';
import { VendorError } from '../../src/platform/process/errors.ts';
import { until } from '../support/until.ts';

/** How a pretended model answers the next request. */
export type ModelAnswer =
  /** "Sure, at three." with 900 tokens in (768 of them cached) and 12 out. */
  | { readonly type: 'text' }
  /** "One moment. ", then `book` with {"day":"Mon"} and `end_call` with {}; 950 tokens in, 31 out. */
  | { readonly type: 'tool-calls' }
  | {
      readonly type: 'refused';
      readonly status: number;
      readonly code: string;
      readonly retryAfterSeconds?: number;
    }
  /** The text answer, ended cleanly after its first words, without its terminal marker. */
  | { readonly type: 'truncated' }
  /** The text answer, with the connection reset after its first words. */
  | { readonly type: 'reset' }
  /** An error in the middle of the stream. */
  | { readonly type: 'error-in-stream' }
  | { readonly type: 'garbled' }
  /** The first words, then nothing. */
  | { readonly type: 'stalled' }
  /** Nothing at all. */
  | { readonly type: 'silent' };

export interface ModelHarness extends AsyncDisposable {
  readonly model: LanguageModel;
  answer: ModelAnswer;
  /** Requests received so far. */
  readonly requests: number;
  /** Answers being given now. */
  readonly openAnswers: number;
}

export const modelRequest: LanguageModelRequest = {
  model: 'gpt-6-luna',
  messages: [
    { role: 'system', content: 'You answer the phone.' },
    { role: 'user', content: 'Can I come at three?' },
  ],
  tools: [],
  maxOutputTokens: 300,
  cacheKey: 'agv_1',
};

/** All parts, and the error that ended them if one did. */
async function run(
  harness: ModelHarness,
  signal: AbortSignal = new AbortController().signal,
  onPart: (part: LanguageModelPart) => void = () => undefined,
): Promise<{ parts: LanguageModelPart[]; error: unknown }> {
  const parts: LanguageModelPart[] = [];
  try {
    for await (const part of harness.model.stream(modelRequest, { signal })) {
      parts.push(part);
      onPart(part);
    }
    return { parts, error: undefined };
  } catch (error) {
    return { parts, error };
  }
}

const textOf = (parts: readonly LanguageModelPart[]): string =>
  parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');

/** What every language model must do. */
export function languageModelContract(name: string, start: () => Promise<ModelHarness>): void {
  describe(`the language model contract, fulfilled by ${name}`, () => {
    it('streams text, then usage, then exactly one end', async () => {
      await using harness = await start();
      const { parts, error } = await run(harness);
      expect(error).toBeUndefined();
      expect(parts).toEqual([
        { type: 'text-delta', text: 'Sure, ' },
        { type: 'text-delta', text: 'at three.' },
        { type: 'usage', inputTokens: 900, cachedTokens: 768, outputTokens: 12 },
        { type: 'end', reason: 'stop' },
      ]);
    });

    it('puts tool calls together from their slices, in order, before the end', async () => {
      await using harness = await start();
      harness.answer = { type: 'tool-calls' };
      const { parts } = await run(harness);
      expect(textOf(parts)).toBe('One moment. ');
      expect(parts.some((part) => part.type === 'progress')).toBe(true);
      expect(parts.slice(-3)).toEqual([
        { type: 'tool-call', call: { id: 'call_1', name: 'book', arguments: '{"day":"Mon"}' } },
        { type: 'tool-call', call: { id: 'call_2', name: 'end_call', arguments: '{}' } },
        { type: 'end', reason: 'tool-calls' },
      ]);
    });

    it.each([
      [429, 'rate_limit_exceeded', true],
      [429, 'insufficient_quota', false],
      [500, 'server_error', true],
      [503, 'overloaded', true],
      [400, 'context_length_exceeded', false],
      [401, 'invalid_api_key', false],
      [404, 'model_not_found', false],
    ])(
      '[F3] reports %s %s at once, worth another try: %s, without the key',
      async (status, code, isRetryable) => {
        await using harness = await start();
        harness.answer = { type: 'refused', status, code, retryAfterSeconds: 2 };
        const { parts, error } = await run(harness);
        expect(parts).toEqual([]);
        expect(error).toBeInstanceOf(VendorError);
        expect(error).toMatchObject({ isRetryable, code, retryAfterMs: 2_000 });
        expect((error as VendorError).message).not.toContain('test-key');
        expect(harness.requests).toBe(1);
      },
    );

    it.each([
      ['ends without its terminal marker', 'truncated'],
      ['is reset', 'reset'],
      ['carries an error', 'error-in-stream'],
      ['is garbled', 'garbled'],
    ] as const)('[F5] reports a stream that %s after what it said', async (_name, type) => {
      await using harness = await start();
      harness.answer = { type };
      const { parts, error } = await run(harness);
      expect(textOf(parts)).toBe('Sure, ');
      expect(parts.some((part) => part.type === 'end')).toBe(false);
      expect(error).toBeInstanceOf(VendorError);
      expect(error).toMatchObject({ isRetryable: true });
    });

    it.each(['silent', 'stalled'] as const)(
      '[F4] returns at once without an end when aborted while the vendor is %s, and lets go of it',
      async (type) => {
        await using harness = await start();
        harness.answer = { type };
        const abort = new AbortController();
        const running = run(harness, abort.signal);
        await until(() => harness.openAnswers === 1);
        abort.abort('barge-in');
        const { parts, error } = await running;
        expect(error).toBeUndefined();
        expect(parts.some((part) => part.type === 'end')).toBe(false);
        await until(() => harness.openAnswers === 0);
      },
    );

    it('tells nothing more once aborted from inside a part', async () => {
      await using harness = await start();
      const abort = new AbortController();
      const { parts, error } = await run(harness, abort.signal, () => abort.abort());
      expect(error).toBeUndefined();
      expect(parts).toHaveLength(1);
    });

    it('asks nothing when aborted before', async () => {
      await using harness = await start();
      expect(await run(harness, AbortSignal.abort())).toEqual({ parts: [], error: undefined });
      expect(harness.requests).toBe(0);
    });

    it('lets go of the vendor when its reader loses interest', async () => {
      await using harness = await start();
      harness.answer = { type: 'stalled' };
      const { signal } = new AbortController();
      for await (const part of harness.model.stream(modelRequest, { signal })) {
        if (part.type === 'text-delta') break;
      }
      await until(() => harness.openAnswers === 0);
      expect(harness.requests).toBe(1);
    });

    it('[F3] reports a vendor that is not there as worth another try', async () => {
      const harness = await start();
      await harness[Symbol.asyncDispose]();
      const { error } = await run(harness);
      expect(error).toBeInstanceOf(VendorError);
      expect(error).toMatchObject({ isRetryable: true });
    });
  });
}
