import { createServer, type IncomingHttpHeaders } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/platform/process/clock.ts';
import { startOpenai } from '../../../simulator/openai/openai.ts';
import { createOpenAiEmbedder } from '../../../src/vendors/openai/embeddings.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

/** A server that gives this answer to everything, and the embedder that asks it. */
async function embedderOf(answer: Answer, path = '/v1') {
  const received: { url: string | undefined; headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      received.push({ url: request.url, headers: request.headers, body });
      response.writeHead(answer.status ?? 200, answer.headers ?? {}).end(JSON.stringify(answer.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const embedder = createOpenAiEmbedder({ apiKey: 'sk-secret', baseUrl, clock: systemClock });
  return { embedder, received };
}

const signal = new AbortController().signal;

function packed(...values: number[]): string {
  const vector = new Float32Array(512);
  vector.set(values);
  return Buffer.from(vector.buffer).toString('base64');
}

describe('what OpenAI is asked for vectors', () => {
  it('is short ones, packed, all texts at once', async () => {
    const data = [
      { index: 1, embedding: packed(0, 2) },
      { index: 0, embedding: packed(1) },
    ];
    const { embedder, received } = await embedderOf({ body: { data } }, '');
    const vectors = await embedder.embed(['one', 'two'], { signal });
    expect(JSON.parse(received[0]!.body)).toEqual({
      model: 'text-embedding-3-small',
      dimensions: 512,
      input: ['one', 'two'],
      encoding_format: 'base64',
    });
    expect(received[0]).toMatchObject({
      url: '/v1/embeddings',
      headers: { authorization: 'Bearer sk-secret' },
    });
    // In the order of the texts, and of length 1.
    expect(vectors.map((vector) => Array.from(vector.slice(0, 2)))).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('is understood by the simulator, where texts that share words are near each other', async () => {
    const simulator = await startOpenai();
    closing.push(() => simulator.close());
    const embedder = createOpenAiEmbedder({
      apiKey: 'any',
      baseUrl: `${simulator.url}/v1`,
      clock: systemClock,
    });
    const [a, b, c] = await embedder.embed(['the long warranty', 'warranty of the frame', 'zebra'], {
      signal,
    });
    const near = (x: Float32Array, y: Float32Array): number =>
      x.reduce((sum, value, at) => sum + value * y[at]!, 0);
    expect(near(a!, b!)).toBeGreaterThan(near(a!, c!) + 0.2);
    expect(near(a!, a!)).toBeCloseTo(1);
  });
});

describe('what OpenAI answers', () => {
  it.each([
    [
      'too many requests',
      { status: 429, headers: { 'retry-after': '3' } },
      { isRetryable: true, retryAfterMs: 3_000 },
    ],
    ['a fault of its own', { status: 500 }, { isRetryable: true, code: '500' }],
    ['a wrong key', { status: 401 }, { isRetryable: false }],
  ])('with %s is told apart by whether it helps to try again', async (_, refusal, expected) => {
    const body = { error: { message: 'No, sk-secret, not now.' } };
    const { embedder } = await embedderOf({ ...refusal, body });
    const failing = embedder.embed(['x'], { signal });
    await expect(failing).rejects.toMatchObject({ name: 'VendorError', vendor: 'openai', ...expected });
    await expect(failing).rejects.toThrow('No, ***, not now.');
  });

  it.each([
    ['a vector without a direction', [{ index: 0, embedding: packed(0) }]],
    ['a vector of another width', [{ index: 0, embedding: 'AAAA' }]],
    ['a vector that is no number', [{ index: 0, embedding: packed(Number.NaN) }]],
    ['too few vectors', []],
    ['something else', [{ index: 0, embedding: [0.1] }]],
  ])('is refused when it is %s', async (_, data) => {
    const { embedder } = await embedderOf({ body: { data } });
    await expect(embedder.embed(['x'], { signal })).rejects.toMatchObject({ code: 'malformed' });
  });

  it('is not waited for once nobody wants it', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const embedder = createOpenAiEmbedder({ apiKey: 'k', baseUrl, clock: systemClock });
    const controller = new AbortController();
    const embedding = embedder.embed(['x'], { signal: controller.signal });
    await once(server, 'request');
    controller.abort(new Error('hung up'));
    await expect(embedding).rejects.toThrow('hung up');
  });
});
