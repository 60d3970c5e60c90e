import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  CHAT_LATENCY,
  FaultBook,
  type BadToolCall,
  type ChatBehaviour,
  type ChatFault,
  type Cut,
  type FaultsOf,
} from '../faults.ts';
import type { Probe } from '../probe.ts';
import { parseObject, readBody, sendJson, startVendorServer, wait } from '../vendor-server.ts';
import { apiError, invalidKey, refusedByScenario, type ApiError } from './api-error.ts';
import { parseChatRequest, type ChatRequest } from './chat-request.ts';
import { ChatStream } from './chat-stream.ts';
import { completionOf, messageOf } from './completion.ts';
import { embed } from './embeddings.ts';
import { listModels } from './models.ts';
import { PromptCache } from './prompt-cache.ts';
import { answerAsReceptionist, type Answer } from './receptionist.ts';

export interface OpenaiOptions {
  readonly port?: number;
  readonly faults?: ChatBehaviour;
  /** Any key is good unless some are named. */
  readonly apiKeys?: readonly string[];
  /** The same answer to every request, instead of the receptionist's. */
  readonly cannedReply?: string;
  readonly probe?: Probe;
}

export interface OpenaiSimulator {
  /** Without `/v1`. */
  readonly url: string;
  /** Settable at any time; holds for what begins afterwards. */
  faults: ChatBehaviour;
  readonly stats: OpenaiStats;
  close(): Promise<void>;
}

export interface OpenaiStats {
  chatRequests: number;
  /** Chat requests being answered now. */
  open: number;
  refused: number;
  tokens: number;
  toolCalls: number;
  /** Streams whose client went away before their end. */
  aborted: number;
  embeddings: number;
}

const MAX_BODY_BYTES = 8 << 20;

/** Chat completions (by a rule-based receptionist), embeddings and the list of models. */
export async function startOpenai(options: OpenaiOptions = {}): Promise<OpenaiSimulator> {
  const openai = new Openai(options);
  const server = await startVendorServer({
    port: options.port ?? 0,
    onRequest: (request, response, url) => openai.onRequest(request, response, url),
    onUpgrade: (upgrade) => Promise.resolve(upgrade.refuse(404, { error: { message: 'not simulated' } })),
  });
  return {
    url: server.url,
    stats: openai.stats,
    close: () => server.close(),
    get faults() {
      return openai.faults;
    },
    set faults(faults) {
      openai.faults = faults;
    },
  };
}

class Openai {
  readonly stats: OpenaiStats = {
    chatRequests: 0,
    open: 0,
    refused: 0,
    tokens: 0,
    toolCalls: 0,
    aborted: 0,
    embeddings: 0,
  };
  readonly #options: OpenaiOptions;
  readonly #faultBook = new FaultBook<ChatFault>();
  readonly #promptCache = new PromptCache();
  #faults: ChatBehaviour = {};

  constructor(options: OpenaiOptions) {
    this.#options = options;
    this.faults = options.faults ?? {};
  }

  get faults(): ChatBehaviour {
    return this.#faults;
  }

  set faults(faults: ChatBehaviour) {
    this.#faults = faults;
    this.#faultBook.set(faults.faults);
  }

  async onRequest(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const receivedAtMs = performance.now();
    const route = `${request.method} ${url.pathname}`;
    if (!this.#isAuthorised(request)) this.#refuse(response, invalidKey());
    else if (route === 'GET /v1/models') sendJson(response, 200, { object: 'list', data: listModels() });
    else if (route === 'POST /v1/embeddings') await this.#embed(request, response);
    else if (route === 'POST /v1/chat/completions') await this.#chat(request, response, receivedAtMs);
    else this.#refuse(response, apiError(404, 'invalid_request_error', null, `Invalid URL (${route})`));
  }

  async #embed(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.stats.embeddings += 1;
    const answer = embed(parseObject((await readBody(request, MAX_BODY_BYTES)) ?? ''));
    if (isError(answer)) this.#refuse(response, answer);
    else sendJson(response, 200, answer);
  }

  async #chat(request: IncomingMessage, response: ServerResponse, receivedAtMs: number): Promise<void> {
    const latency = { ...CHAT_LATENCY, ...this.#faults.latency };
    const chat = parseChatRequest(parseObject((await readBody(request, MAX_BODY_BYTES)) ?? ''));
    this.stats.chatRequests += 1;
    const number = this.stats.chatRequests;
    if (isError(chat)) {
      this.#refuse(response, chat);
      return;
    }
    this.#report(chat, number, receivedAtMs);
    const faults = this.#faultBook.about(textOf(chat));
    const refusal = faults.strike(
      (fault): fault is ChatFault & { type: 'refuse' } => fault.type === 'refuse' && isFor(fault, chat),
    );
    if (refusal) {
      await wait(latency.connectMs);
      this.#refuse(response, refusedByScenario(refusal.status, refusal.code, refusal.retryAfterSeconds));
      return;
    }
    this.stats.open += 1;
    response.once('close', () => (this.stats.open -= 1));
    const answer = this.#answer(chat, number);
    const completion = completionOf(answer, chat, badCallIn(faults, chat, answer));
    this.stats.toolCalls += answer.calls.length;
    const id = `chatcmpl-${randomUUID()}`;
    const usage = this.#usage(chat, completion.completionTokens);
    if (chat.stream) {
      await wait(latency.connectMs);
      const cut = faults.strike(
        (fault): fault is ChatFault & Cut<'token'> => isCut(fault) && isFor(fault, chat),
      );
      const { stats } = this;
      const { probe } = this.#options;
      const shared = {
        number,
        id,
        request: chat,
        completion,
        usage,
        latency,
        receivedAtMs,
        cut,
        probe,
        stats,
      };
      if (!response.destroyed) new ChatStream(response, shared).start();
      return;
    }
    await wait(latency.firstTokenMs + completion.completionTokens * latency.perTokenMs);
    this.stats.tokens += completion.completionTokens;
    sendJson(
      response,
      200,
      {
        id,
        object: 'chat.completion',
        created: Math.floor(Date.now() / 1000),
        model: chat.model,
        choices: [
          {
            index: 0,
            message: messageOf(completion),
            logprobs: null,
            finish_reason: completion.finishReason,
          },
        ],
        usage,
        service_tier: 'default',
      },
      { 'x-request-id': id },
    );
  }

  #answer(chat: ChatRequest, number: number): Answer {
    const { cannedReply } = this.#options;
    if (cannedReply === undefined) return answerAsReceptionist(chat);
    return { text: cannedReply.replaceAll('{request}', String(number)), calls: [] };
  }

  #usage(chat: ChatRequest, completionTokens: number): object {
    const { promptTokens, cachedTokens } = this.#promptCache.count(chat);
    return {
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      total_tokens: promptTokens + completionTokens,
      prompt_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    };
  }

  #report(chat: ChatRequest, number: number, atMs: number): void {
    const { probe } = this.#options;
    if (!probe) return;
    const userText = chat.messages.findLast(({ role }) => role === 'user')?.content ?? '';
    const systemText = chat.messages
      .flatMap(({ role, content }) => (role === 'system' ? content : []))
      .join('\n');
    probe({ type: 'chat-requested', request: number, userText, systemText, atMs });
  }

  #refuse(response: ServerResponse, { status, body, headers }: ApiError): void {
    this.stats.refused += 1;
    sendJson(response, status, body, { 'x-request-id': randomUUID(), ...headers });
  }

  #isAuthorised(request: IncomingMessage): boolean {
    const key = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    return key !== undefined && (this.#options.apiKeys?.includes(key) ?? true);
  }
}

function badCallIn(faults: FaultsOf<ChatFault>, chat: ChatRequest, answer: Answer): BadToolCall | undefined {
  if (answer.calls.length === 0) return undefined;
  return faults.strike(
    (fault): fault is ChatFault & BadToolCall =>
      (fault.type === 'invalid-arguments' || fault.type === 'unknown-tool') && isFor(fault, chat),
  );
}

function textOf({ messages }: ChatRequest): string {
  return messages.map(({ content }) => content).join('\n');
}

function isFor(fault: ChatFault, chat: ChatRequest): boolean {
  return fault.model === undefined || fault.model === chat.model;
}

function isCut(fault: ChatFault): fault is ChatFault & Cut<'token'> {
  return 'unit' in fault;
}

function isError(value: object): value is ApiError {
  return 'status' in value && 'body' in value;
}
