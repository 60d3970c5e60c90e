import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../src/platform/process/clock.ts';
import {
  createOpenAiLanguageModel,
  type OpenAiLanguageModel,
} from '../../../src/vendors/openai/language-model.ts';
import type { ModelAnswer, ModelHarness } from '../../contracts/language-model.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/openai/${name}.sse`, import.meta.url), 'utf8');

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface OpenAiHarness extends ModelHarness {
  readonly model: OpenAiLanguageModel;
  readonly received: readonly ReceivedRequest[];
  /** Connections opened so far. */
  readonly connections: number;
  /** How long after the last event the answer's body really ends. */
  lingerMs: number;
  dropIdleConnections(): void;
}

/** OpenAI's chat completions on a real port. */
export async function startOpenAi(path = '/v1'): Promise<OpenAiHarness> {
  const received: ReceivedRequest[] = [];
  let connections = 0;
  const openAnswers = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    openAnswers.add(response);
    response.on('close', () => openAnswers.delete(response));
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ method: request.method, path: request.url, headers: request.headers, body });
      if (request.method === 'POST') void give(response, harness.answer, harness.lingerMs);
      else response.writeHead(200).end();
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const harness: OpenAiHarness = {
    model: createOpenAiLanguageModel({ apiKey: 'test-key', baseUrl: origin + path, clock: systemClock }),
    answer: { type: 'text' },
    lingerMs: 0,
    received,
    get requests() {
      return received.length;
    },
    get connections() {
      return connections;
    },
    get openAnswers() {
      return openAnswers.size;
    },
    dropIdleConnections: () => server.closeIdleConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return harness;
}

async function give(response: ServerResponse, answer: ModelAnswer, lingerMs: number): Promise<void> {
  const events = fixture('text').split('\n\n');
  const beginning = `${events.slice(0, 2).join('\n\n')}\n\n`;
  const stream = (): ServerResponse => response.writeHead(200, { 'content-type': 'text/event-stream' });
  switch (answer.type) {
    case 'text':
    case 'tool-calls':
      stream().write(fixture(answer.type));
      if (lingerMs > 0) await new Promise((resolve) => setTimeout(resolve, lingerMs));
      response.end();
      return;
    case 'refused': {
      const { status, code, retryAfterSeconds } = answer;
      const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
      const error = { message: `refused, test-key: ${code}`, type: 'x', code, param: null };
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify({ error }));
      return;
    }
    case 'truncated':
      stream().end(beginning);
      return;
    case 'reset':
      stream().write(beginning, () => setTimeout(() => response.socket?.resetAndDestroy(), 10));
      return;
    case 'error-in-stream':
      stream().end(
        `${beginning}data: {"error":{"message":"broke, test-key","type":"server_error","code":"server_error"}}\n\n`,
      );
      return;
    case 'garbled':
      stream().end(`${beginning}data: {"id":\n\n`);
      return;
    case 'stalled':
      stream().write(beginning);
      return;
    case 'silent':
      return;
    default:
      answer satisfies never;
  }
}
