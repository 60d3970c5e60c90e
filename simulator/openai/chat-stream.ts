import type { ServerResponse } from 'node:http';
import type { ChatLatency, Cut } from '../faults.ts';
import type { Probe } from '../probe.ts';
import type { ChatRequest } from './chat-request.ts';
import type { Completion } from './completion.ts';

export interface ChatStreamContext {
  readonly number: number;
  readonly id: string;
  readonly request: ChatRequest;
  readonly completion: Completion;
  readonly usage: object;
  readonly latency: ChatLatency;
  /** When the request arrived, by `performance.now()`. */
  readonly receivedAtMs: number;
  readonly cut: Cut<'token'> | undefined;
  readonly probe: Probe | undefined;
  readonly stats: { tokens: number; aborted: number };
}

/** Streams a completion token by token; stops at once when the client disconnects. */
export class ChatStream {
  readonly #response: ServerResponse;
  readonly #context: ChatStreamContext;
  /** The same on every chunk: written once. */
  readonly #head: string;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;
  #cut: Cut<'token'> | undefined;
  #isOver = false;

  constructor(response: ServerResponse, context: ChatStreamContext) {
    this.#response = response;
    this.#context = context;
    this.#cut = context.cut;
    const { id, request } = context;
    const created = Math.floor(Date.now() / 1000);
    const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model: request.model });
    this.#head = `data: ${head.slice(0, -1)},"service_tier":"default","system_fingerprint":null,`;
    response.on('close', () => this.#closed());
  }

  start(): void {
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-request-id': this.#context.id,
    });
    this.#response.flushHeaders();
    this.#schedule();
  }

  #schedule(): void {
    const { receivedAtMs, latency } = this.#context;
    const dueAtMs = receivedAtMs + latency.firstTokenMs + Math.max(0, this.#next - 1) * latency.perTokenMs;
    this.#timer = setTimeout(() => this.#send(), Math.max(0, dueAtMs - performance.now()));
  }

  /** Sends all tokens that are due, because timers are coarse and the pace is kept on average. */
  #send(): void {
    const { completion, latency, receivedAtMs, stats } = this.#context;
    const sinceFirstMs = performance.now() - receivedAtMs - latency.firstTokenMs;
    const dueCount = latency.perTokenMs > 0 ? 2 + Math.floor(sinceFirstMs / latency.perTokenMs) : Infinity;
    const first = this.#next;
    let text = '';
    while (this.#next < completion.deltas.length && (this.#next < dueCount || text === '')) {
      if (this.#isCutHere()) {
        this.#write(text);
        this.#perform(this.#cut!);
        return;
      }
      text += this.#chunk(completion.deltas[this.#next]!, null);
      if (this.#next > 0) stats.tokens += 1;
      this.#next += 1;
    }
    this.#write(text);
    this.#tellText(first);
    if (this.#next < completion.deltas.length) this.#schedule();
    else if (this.#isCutHere()) this.#perform(this.#cut!);
    else this.#finish();
  }

  /** The opening delta is no token: delta n is token n. */
  #isCutHere(): boolean {
    const cut = this.#cut;
    if (!cut || cut.type === 'unfinished') return false;
    const isAtEnd = this.#next >= this.#context.completion.deltas.length;
    return this.#next > 0 && (this.#next > cut.after || isAtEnd);
  }

  #finish(): void {
    const { request, usage, completion } = this.#context;
    this.#isOver = true;
    if (this.#cut?.type === 'unfinished') {
      this.#response.end();
      return;
    }
    let text = this.#chunk({}, completion.finishReason);
    if (request.includeUsage) text += `${this.#head}"choices":[],"usage":${JSON.stringify(usage)}}\n\n`;
    this.#response.end(`${text}data: [DONE]\n\n`);
  }

  #perform(cut: Cut<'token'>): void {
    this.#cut = undefined;
    if (cut.type === 'malformed') {
      this.#write('data: {"id":"chatcmpl","choices":[{"ind\n\n');
      this.#schedule();
      return;
    }
    this.#isOver = true;
    if (cut.type === 'reset') this.#response.socket?.resetAndDestroy();
    else if (cut.type === 'close') this.#response.end();
    else if (cut.type === 'error') {
      const error = {
        message: 'The server had an error while processing your request.',
        type: 'server_error',
      };
      this.#response.end(`data: ${JSON.stringify({ error: { ...error, code: null, param: null } })}\n\n`);
    } else this.#isOver = false;
  }

  #chunk(delta: object, finishReason: string | null): string {
    const { request } = this.#context;
    const choice = `"choices":[{"index":0,"delta":${JSON.stringify(delta)},"logprobs":null,"finish_reason":${JSON.stringify(finishReason)}}]`;
    const usage = request.includeUsage ? ',"usage":null' : '';
    const padding = request.includeObfuscation
      ? `,"obfuscation":"${'x7Kq'.repeat(1 + (this.#next % 4))}"`
      : '';
    return `${this.#head}${choice}${usage}${padding}}\n\n`;
  }

  #write(text: string): void {
    if (text !== '') this.#response.write(text);
  }

  #tellText(firstDelta: number): void {
    const { probe, number, completion } = this.#context;
    if (!probe) return;
    const deltas = completion.deltas.slice(firstDelta, this.#next);
    const text = deltas.map((delta) => ('content' in delta ? delta.content : '')).join('');
    if (text !== '') probe({ type: 'text-sent', request: number, text, atMs: performance.now() });
  }

  #closed(): void {
    clearTimeout(this.#timer);
    const aborted = !this.#isOver;
    if (aborted) this.#context.stats.aborted += 1;
    const { probe, number } = this.#context;
    probe?.({ type: 'chat-ended', request: number, aborted, atMs: performance.now() });
  }
}
