import * as fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startOpenai, type OpenaiSimulator } from '../../../simulator/openai/openai.ts';

const FAST = { latency: { connectMs: 0, firstTokenMs: 0, perTokenMs: 0 } };
const USER = { role: 'user', content: 'Hello!' };
const BASE = { model: 'gpt-6-luna', reasoning_effort: 'none', messages: [USER] };
const END_CALL = tool('end_call', {});
const TICKET = tool('create_ticket', { subject: { type: 'string' }, description: { type: 'string' } });

type Json = Record<string, unknown>;

interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly choices: readonly {
    readonly delta: {
      content?: string;
      tool_calls?: { index: number; id?: string; function: { name?: string; arguments: string } }[];
    };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null;
  readonly obfuscation?: string;
  readonly error?: Json;
}

let openai: OpenaiSimulator;

beforeAll(async () => {
  openai = await startOpenai({ apiKeys: ['key'], faults: FAST });
});
afterEach(() => (openai.faults = FAST));
afterAll(() => openai.close());

function tool(name: string, properties: Json): Json {
  const parameters = {
    type: 'object',
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
  return { type: 'function', function: { name, description: name, parameters, strict: true } };
}

function post(
  body: unknown,
  options: { key?: string; signal?: AbortSignal; path?: string } = {},
): Promise<Response> {
  return fetch(`${openai.url}/v1/${options.path ?? 'chat/completions'}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${options.key ?? 'key'}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

async function errorOf(
  body: unknown,
): Promise<{ status: number; code: string | null; message: string; param: string | null }> {
  const response = await post(body);
  const { error } = (await response.json()) as { error: { code: string; message: string; param: string } };
  return { status: response.status, ...error };
}

/** What arrives of a stream, line by line, whether or not it ends well. */
async function linesOf(response: Response): Promise<string[]> {
  let text = '';
  try {
    for await (const part of response.body!) text += Buffer.from(part).toString();
  } catch {
    text += '\n\n<broken>';
  }
  return text.split('\n\n').filter((line) => line !== '');
}

async function stream(body: Json): Promise<{ chunks: Chunk[]; lines: string[] }> {
  const lines = await linesOf(await post({ ...BASE, stream: true, ...body }));
  const data = lines.filter((line) => line.startsWith('data: {')).map((line) => line.slice(6));
  return { lines, chunks: data.map((json) => JSON.parse(json) as Chunk) };
}

const textOf = (chunks: readonly Chunk[]) =>
  chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
const finishOf = (chunks: readonly Chunk[]) =>
  chunks.map(({ choices }) => choices[0]?.finish_reason).findLast(Boolean);

describe('a chat stream', () => {
  it('opens with the role, brings text token by token, a finish reason, and [DONE]', async () => {
    const { chunks, lines } = await stream({});
    expect(chunks[0]!.choices[0]!.delta).toEqual({ role: 'assistant', content: '', refusal: null });
    expect(chunks.length).toBeGreaterThan(4);
    expect(textOf(chunks)).toBe('Hello! How can I help you?');
    expect(finishOf(chunks)).toBe('stop');
    expect(lines.at(-1)).toBe('data: [DONE]');
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.every(({ object }) => object === 'chat.completion.chunk')).toBe(true);
  });

  it('ends with a usage chunk without choices when asked, and with none otherwise', async () => {
    const { chunks } = await stream({ stream_options: { include_usage: true } });
    const { choices, usage } = chunks.at(-1)!;
    expect(choices).toEqual([]);
    expect(usage!.total_tokens).toBe(usage!.prompt_tokens + usage!.completion_tokens);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect((await stream({})).chunks.every((chunk) => chunk.usage === undefined)).toBe(true);
  });

  it('is padded by default', async () => {
    expect((await stream({})).chunks[1]!.obfuscation).toBeTypeOf('string');
    const { chunks } = await stream({ stream_options: { include_obfuscation: false } });
    expect(chunks[1]!.obfuscation).toBeUndefined();
  });

  it('cuts tool arguments into several deltas, of which only the first has id and name', async () => {
    const messages = [
      { role: 'user', content: 'My brake has a problem since Monday.' },
      { role: 'assistant', content: "I'm sorry about that. Shall I open a ticket for it?" },
      { role: 'user', content: 'Yes please.' },
    ];
    const { chunks } = await stream({ messages, tools: [TICKET] });
    const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    expect(deltas[0]).toMatchObject({
      index: 0,
      id: expect.any(String),
      function: { name: 'create_ticket', arguments: '' },
    });
    expect(
      deltas.slice(1).every(({ id, function: { name } }) => id === undefined && name === undefined),
    ).toBe(true);
    expect(deltas.length).toBeGreaterThan(3);
    const args = JSON.parse(deltas.map(({ function: part }) => part.arguments).join('')) as Json;
    expect(args['description']).toContain('brake');
    expect(finishOf(chunks)).toBe('tool_calls');
  });

  it('says text and calls a tool in one message', async () => {
    const { chunks } = await stream({ messages: [{ role: 'user', content: 'Goodbye!' }], tools: [END_CALL] });
    expect(textOf(chunks)).toMatch(/goodbye/i);
    expect(finishOf(chunks)).toBe('tool_calls');
  });

  it('stops at the token limit', async () => {
    const { chunks } = await stream({ max_completion_tokens: 2 });
    expect(textOf(chunks)).toBe('Hello! How');
    expect(finishOf(chunks)).toBe('length');
  });

  it('keeps its pace: a first token, then one after the other', async () => {
    openai.faults = { latency: { connectMs: 0, firstTokenMs: 80, perTokenMs: 10 } };
    const startedAtMs = performance.now();
    const { chunks } = await stream({});
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(80 + (chunks.length - 3) * 10 - 5);
  });

  it('stops generating as soon as the client goes', async () => {
    openai.faults = { latency: { connectMs: 0, firstTokenMs: 0, perTokenMs: 250 } };
    const abort = new AbortController();
    const { aborted } = openai.stats;
    const response = await post({ ...BASE, stream: true }, { signal: abort.signal });
    await response.body!.getReader().read();
    abort.abort();
    await expect.poll(() => openai.stats.aborted).toBe(aborted + 1);
    const { tokens } = openai.stats;
    await new Promise((resolve) => setTimeout(resolve, 350));
    expect(openai.stats.tokens).toBe(tokens);
    await expect.poll(() => openai.stats.open).toBe(0);
  });

  it('remembers the beginning of long prompts by their key', async () => {
    const messages = [{ role: 'system', content: 'All there is to know about bicycles. '.repeat(200) }, USER];
    const cachedOf = async (body: Json) => {
      const { chunks } = await stream({ messages, stream_options: { include_usage: true }, ...body });
      return (chunks.at(-1)!.usage as unknown as { prompt_tokens_details: { cached_tokens: number } })
        .prompt_tokens_details.cached_tokens;
    };
    expect(await cachedOf({ prompt_cache_key: 'a' })).toBe(0);
    expect(await cachedOf({ prompt_cache_key: 'a' })).toBeGreaterThanOrEqual(1_024);
    expect(await cachedOf({ prompt_cache_key: 'b' })).toBe(0);
  });
});

describe('without stream', () => {
  it('the whole message comes at once', async () => {
    const body = (await (await post(BASE)).json()) as { choices: Json[]; object: string; usage: Json };
    expect(body.object).toBe('chat.completion');
    expect(body.choices[0]).toMatchObject({
      message: { role: 'assistant', content: 'Hello! How can I help you?' },
      finish_reason: 'stop',
    });
  });

  it('an answer keeps to the schema that was asked for', async () => {
    const schema = {
      type: 'object',
      properties: {
        summary: { type: 'string' },
        outcome: { type: 'string', enum: ['booked', 'nothing'] },
        callback: { type: ['string', 'null'] },
        tags: { type: 'array', items: { type: 'string' } },
      },
      required: ['summary', 'outcome', 'callback', 'tags'],
      additionalProperties: false,
    };
    const format = { type: 'json_schema', json_schema: { name: 'record', strict: true, schema } };
    const body = (await (await post({ ...BASE, response_format: format })).json()) as {
      choices: { message: { content: string } }[];
    };
    expect(JSON.parse(body.choices[0]!.message.content)).toEqual({
      summary: expect.stringContaining('Hello'),
      outcome: 'booked',
      callback: null,
      tags: [],
    });
  });
});

describe('the model interface refuses', () => {
  it('a wrong key: 401', async () => {
    const response = await post(BASE, { key: 'wrong' });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_api_key' } });
  });

  it('an unknown model: 404', async () => {
    expect(await errorOf({ ...BASE, model: 'gpt-7' })).toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });

  it.each([undefined, 'low', 'medium'])('tools with effort %s on a current model: 400', async (effort) => {
    const { reasoning_effort: _, ...rest } = BASE;
    const error = await errorOf({
      ...rest,
      ...(effort ? { reasoning_effort: effort } : {}),
      tools: [END_CALL],
    });
    expect(error.status).toBe(400);
    expect(error.message).toContain('Function tools with reasoning_effort are not supported for gpt-6-luna');
  });

  it('but takes tools without an effort on an old model', async () => {
    const response = await post({ model: 'gpt-4o', messages: [USER], tools: [END_CALL], temperature: 0.5 });
    expect(response.status).toBe(200);
  });

  it.each([
    ['before the next words', [USER]],
    ['at the end', []],
  ])('a tool call without its result %s: 400, naming it', async (_, after) => {
    const call = { id: 'call_7', type: 'function', function: { name: 'end_call', arguments: '{}' } };
    const messages = [USER, { role: 'assistant', content: null, tool_calls: [call] }, ...after];
    expect(await errorOf({ ...BASE, messages })).toMatchObject({
      status: 400,
      message: expect.stringContaining('call_7'),
    });
  });

  it('a tool result without its call: 400', async () => {
    const messages = [USER, { role: 'tool', tool_call_id: 'call_7', content: '{}' }];
    expect((await errorOf({ ...BASE, messages })).status).toBe(400);
  });

  it.each([
    ['an argument nobody knows', { maxTokens: 5 }],
    ['max_tokens on a reasoning model', { max_tokens: 5 }],
    ['stop on a reasoning model', { stop: '.' }],
    ['temperature while reasoning', { reasoning_effort: 'low', temperature: 0.2 }],
    ['stream options without a stream', { stream_options: { include_usage: true } }],
    ['an empty list of tools', { tools: [] }],
    ['a tool choice without tools', { tool_choice: 'auto' }],
    ['an unknown effort', { reasoning_effort: 'enormous' }],
    ['no messages', { messages: [] }],
    ['an unknown role', { messages: [{ role: 'robot', content: 'x' }] }],
    ['a message without content', { messages: [{ role: 'user' }] }],
    ['a tool name with a space', { tools: [tool('end call', {})] }],
    ['a long safety identifier', { safety_identifier: 'x'.repeat(129) }],
  ])('%s: 400', async (_, body) => {
    expect((await errorOf({ ...BASE, ...body })).status).toBe(400);
  });

  it.each([
    [
      'a property that is not required',
      { type: 'object', properties: { a: { type: 'string' } }, required: [], additionalProperties: false },
    ],
    ['additional properties', { type: 'object', properties: {}, required: [] }],
    ['a root that is no object', { type: 'string' }],
    ['allOf', { type: 'object', properties: {}, required: [], additionalProperties: false, allOf: [] }],
  ])('a strict schema with %s: 400', async (_, parameters) => {
    const tools = [{ type: 'function', function: { name: 'x', parameters, strict: true } }];
    expect(await errorOf({ ...BASE, tools })).toMatchObject({
      status: 400,
      code: 'invalid_function_parameters',
    });
    const lax = [{ type: 'function', function: { name: 'x', parameters } }];
    expect((await post({ ...BASE, tools: lax })).status).toBe(200);
  });

  it('a body that is no request, without crashing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
        const { status } = await post(body);
        expect([400, 404]).toContain(status);
      }),
      { numRuns: 50 },
    );
  });
});

describe('faults of the model interface', () => {
  it('[F3] with 429 and a wait, for the primary model alone', async () => {
    openai.faults = {
      ...FAST,
      faults: [{ type: 'refuse', status: 429, retryAfterSeconds: 3, model: 'gpt-6-luna' }],
    };
    const refused = await post(BASE);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    expect(await refused.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    expect((await post({ ...BASE, model: 'gpt-5.6-luna' })).status).toBe(200);
  });

  it('[F3] with an exhausted quota, which is permanent', async () => {
    openai.faults = { ...FAST, faults: [{ type: 'refuse', status: 429, code: 'insufficient_quota' }] };
    expect(await errorOf(BASE)).toMatchObject({
      status: 429,
      code: 'insufficient_quota',
      type: 'insufficient_quota',
    });
  });

  it('[F3] with 500 every third time', async () => {
    openai.faults = { ...FAST, faults: [{ type: 'refuse', status: 500, everyNth: 3 }] };
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) statuses.push((await post(BASE)).status);
    expect(statuses).toEqual([200, 200, 500, 200, 200, 500]);
  });

  it('[F5] after n tokens, for every n of an answer: by reset, in good order, and by an error event', async () => {
    for (let after = 0; after <= 6; after += 1) {
      for (const type of ['reset', 'close', 'error'] as const) {
        openai.faults = { ...FAST, faults: [{ type, unit: 'token', after }] };
        const lines = await linesOf(await post({ ...BASE, stream: true }));
        const last = lines.at(-1)!;
        if (type !== 'reset') {
          const text = lines.flatMap((line) => /"content":"([^"]*)"/.exec(line)?.[1] ?? []).join('');
          expect(text).toBe('Hello! How can I help you?'.split(/(?= )/).slice(0, after).join(''));
        }
        expect(lines.join()).not.toContain('[DONE]');
        if (type === 'reset') expect(last).toBe('<broken>');
        if (type === 'error') expect(JSON.parse(last.slice(6))).toHaveProperty('error.type', 'server_error');
      }
    }
  });

  it('[F4] by never sending a token', async () => {
    openai.faults = { ...FAST, faults: [{ type: 'stall', unit: 'token', after: 0 }] };
    const abort = new AbortController();
    const response = await post({ ...BASE, stream: true }, { signal: abort.signal });
    expect(response.status).toBe(200);
    setTimeout(() => abort.abort(), 80);
    const lines = await linesOf(response);
    expect(lines.filter((line) => line.includes('"content":"H'))).toEqual([]);
    await expect.poll(() => openai.stats.open).toBe(0);
  });

  it('by leaving out the terminal marker, or breaking one event', async () => {
    openai.faults = { ...FAST, faults: [{ type: 'unfinished', unit: 'token', after: 0 }] };
    const unfinished = await linesOf(await post({ ...BASE, stream: true }));
    expect(unfinished.at(-1)).toContain('you?');
    openai.faults = { ...FAST, faults: [{ type: 'malformed', unit: 'token', after: 2 }] };
    const malformed = await linesOf(await post({ ...BASE, stream: true }));
    expect(malformed.at(-1)).toBe('data: [DONE]');
    expect(malformed.some((line) => line.startsWith('data: {') && !line.endsWith('}'))).toBe(true);
  });

  it('[F6] with arguments that are no JSON, then with a tool that does not exist', async () => {
    openai.faults = { ...FAST, faults: [{ type: 'invalid-arguments', times: 1 }, { type: 'unknown-tool' }] };
    const goodbye = { messages: [{ role: 'user', content: 'Goodbye!' }], tools: [END_CALL] };
    const callOf = ({ chunks }: { chunks: Chunk[] }) =>
      chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);
    const broken = callOf(await stream(goodbye));
    expect(() => JSON.parse(broken.map(({ function: part }) => part.arguments).join('')) as unknown).toThrow(
      SyntaxError,
    );
    expect(callOf(await stream(goodbye))[0]!.function.name).toBe('end_call_now');
  });
});

describe('embeddings and models', () => {
  const embed = async (body: Json) =>
    (await (await post({ model: 'text-embedding-3-small', ...body }, { path: 'embeddings' })).json()) as {
      data: { embedding: number[] | string; index: number }[];
      error?: Json;
    };

  it('are unit vectors, the same for the same text, closer for shared words', async () => {
    const { data } = await embed({
      input: ['brake repair price', 'price of a brake repair', 'opening hours'],
    });
    const [a, b, c] = data.map(({ embedding }) => embedding as number[]);
    const dot = (x: number[], y: number[]) => x.reduce((sum, value, index) => sum + value * y[index]!, 0);
    expect(a).toHaveLength(1_536);
    expect(dot(a!, a!)).toBeCloseTo(1, 5);
    expect(dot(a!, b!)).toBeGreaterThan(dot(a!, c!));
  });

  it('come as floats or as base64 of the same', async () => {
    const [float] = (await embed({ input: 'brake', dimensions: 64 })).data;
    const [base64] = (await embed({ input: 'brake', dimensions: 64, encoding_format: 'base64' })).data;
    const bytes = Buffer.from(base64!.embedding as string, 'base64');
    const decoded = Array.from({ length: 64 }, (_, index) => bytes.readFloatLE(index * 4));
    expect(decoded).toEqual(float!.embedding);
  });

  it('refuse an empty text and an unknown model', async () => {
    expect((await embed({ input: '' })).error).toBeDefined();
    expect((await embed({ input: 'x', model: 'gpt-6-luna' })).error).toMatchObject({
      code: 'model_not_found',
    });
  });

  it('models have the day of their shutdown', async () => {
    const response = await fetch(`${openai.url}/v1/models`, { headers: { authorization: 'Bearer key' } });
    const { data } = (await response.json()) as { data: { id: string; shutdown_date: string | null }[] };
    expect(data.find(({ id }) => id === 'gpt-6-luna')).toMatchObject({
      object: 'model',
      shutdown_date: null,
    });
    expect(data.find(({ id }) => id === 'gpt-5')!.shutdown_date).toBe('2026-12-11');
  });
});
