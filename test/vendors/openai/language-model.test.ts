import { describe, expect, it } from 'vitest';
import type { LanguageModelPart, LanguageModelRequest } from '../../../src/agent/language-model.ts';
import { languageModelContract, modelRequest } from '../../contracts/language-model.ts';
import { until } from '../../support/until.ts';
import { startOpenAi, type OpenAiHarness } from './openai-harness.ts';

languageModelContract('OpenAI', () => startOpenAi());

async function complete(
  harness: OpenAiHarness,
  request: LanguageModelRequest = modelRequest,
): Promise<LanguageModelPart[]> {
  const { signal } = new AbortController();
  const parts: LanguageModelPart[] = [];
  for await (const part of harness.model.stream(request, { signal })) parts.push(part);
  return parts;
}

describe('what OpenAI is asked', () => {
  it('is to stream, without effort, padding or long words', async () => {
    await using harness = await startOpenAi();
    await complete(harness);
    const [request] = harness.received;
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.headers.authorization).toBe('Bearer test-key');
    expect(JSON.parse(request!.body)).toEqual({
      model: 'gpt-6-luna',
      messages: modelRequest.messages,
      stream: true,
      stream_options: { include_usage: true, include_obfuscation: false },
      max_completion_tokens: 300,
      reasoning_effort: 'none',
      verbosity: 'low',
      prompt_cache_key: 'agv_1',
    });
  });

  it('includes strict tools, one at a time, and the results of earlier ones', async () => {
    await using harness = await startOpenAi();
    const parameters = {
      type: 'object',
      properties: { day: { type: 'string' } },
      required: ['day'],
      additionalProperties: false,
    };
    await complete(harness, {
      ...modelRequest,
      tools: [{ name: 'book', description: 'Books.', parameters }],
      messages: [
        { role: 'assistant', content: '', toolCalls: [{ id: 'call_1', name: 'book', arguments: '{}' }] },
        { role: 'tool', toolCallId: 'call_1', content: '{"ok":true}' },
        { role: 'assistant', content: 'Done.' },
      ],
    });
    expect(JSON.parse(harness.received[0]!.body)).toMatchObject({
      tools: [
        { type: 'function', function: { name: 'book', description: 'Books.', parameters, strict: true } },
      ],
      parallel_tool_calls: false,
      messages: [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'book', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'call_1', content: '{"ok":true}' },
        { role: 'assistant', content: 'Done.' },
      ],
    });
  });

  it.each(['', '/', '/v1', '/v1/'])('goes to the versioned address, given with the path %j', async (path) => {
    await using harness = await startOpenAi(path);
    await complete(harness);
    expect(harness.received[0]?.path).toBe('/v1/chat/completions');
  });

  it('goes to another path where a proxy has one', async () => {
    await using harness = await startOpenAi('/openai/v1');
    await complete(harness);
    expect(harness.received[0]?.path).toBe('/openai/v1/chat/completions');
  });
});

/** Between two turns of a conversation there is always time for a connection to come to rest. */
async function pause(harness: OpenAiHarness): Promise<void> {
  await until(() => harness.openAnswers === 0);
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
}

describe('the connection to OpenAI', () => {
  it('is opened by warming up and used by one turn after the other', async () => {
    await using harness = await startOpenAi();
    await harness.model.warm();
    await pause(harness);
    for (let turn = 0; turn < 3; turn += 1) {
      await complete(harness);
      await pause(harness);
    }
    expect(harness.received.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST', 'POST']);
    expect(harness.connections).toBe(1);
  });

  it('is kept when the answer’s body ends a little after its last event', async () => {
    await using harness = await startOpenAi();
    harness.lingerMs = 20;
    await complete(harness);
    await pause(harness);
    await complete(harness);
    expect(harness.connections).toBe(1);
  });

  it('is replaced without a word when the server has closed it meanwhile', async () => {
    await using harness = await startOpenAi();
    await complete(harness);
    await pause(harness);
    harness.dropIdleConnections();
    expect((await complete(harness)).at(-1)).toEqual({ type: 'end', reason: 'stop' });
    expect(harness.connections).toBe(2);
  });

  it('[F5] is not asked again for an answer that broke off, and nothing fails behind our back', async () => {
    await using harness = await startOpenAi();
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): number => rejections.push(reason);
    process.on('unhandledRejection', onRejection);
    await complete(harness);
    await pause(harness);
    harness.answer = { type: 'reset' };
    const reply = new AbortController();
    const parts: LanguageModelPart[] = [];
    const broken = (async () => {
      for await (const part of harness.model.stream(modelRequest, reply)) parts.push(part);
    })();
    await expect(broken).rejects.toMatchObject({ code: 'ECONNRESET', isRetryable: true });
    reply.abort();
    await pause(harness);
    expect(parts.at(-1)).toMatchObject({ type: 'text-delta' });
    expect(harness.connections).toBe(1);
    expect(harness.requests).toBe(2);
    expect(rejections).toEqual([]);
    process.off('unhandledRejection', onRejection);
  });

  it('does not have to be warm, nor there', async () => {
    const harness = await startOpenAi();
    await harness[Symbol.asyncDispose]();
    await expect(harness.model.warm()).resolves.toBeUndefined();
  });
});
