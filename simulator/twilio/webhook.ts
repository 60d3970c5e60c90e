import { randomUUID } from 'node:crypto';
import { signWebhook, signedFormOf, type FormParameters } from './signature.ts';
import type { HttpMethod } from './twiml.ts';

export interface WebhookRequest {
  readonly url: string;
  readonly method: HttpMethod;
  readonly parameters: FormParameters;
  /** Equal for all attempts at the same event. */
  readonly idempotencyToken?: string;
}

export type WebhookAnswer =
  | { readonly type: 'answered'; readonly status: number; readonly body: string; readonly durationMs: number }
  /** `code` is the carrier's error. */
  | { readonly type: 'failed'; readonly code: number; readonly detail: string; readonly durationMs: number };

/** Maps public origins to local origins. */
export type Routes = Readonly<Record<string, string>>;

/** No request that handles a call may take longer. */
const TIMEOUT_MS = 15_000;
const HTTP_RETRIEVAL_FAILURE = 11_200;
const HTTP_CONNECTION_FAILURE = 11_205;

/** Posts signed webhooks, with one retry when no connection can be made, as the carrier does. */
export class WebhookSender {
  readonly #authToken: string;
  readonly #routes: Routes;
  readonly #timeoutMs: number;

  constructor(options: { authToken: string; routes?: Routes; timeoutMs?: number }) {
    this.#authToken = options.authToken;
    this.#routes = options.routes ?? {};
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  async send(request: WebhookRequest): Promise<WebhookAnswer> {
    const token = request.idempotencyToken ?? randomUUID();
    const first = await this.#attempt(request, token);
    if (first.type === 'failed' && first.code === HTTP_CONNECTION_FAILURE)
      return this.#attempt(request, token);
    return first;
  }

  /** The signature of a media stream's upgrade, over the URL as it is written in the instructions. */
  signStream(url: string): string {
    return signWebhook(this.#authToken, url);
  }

  /** A public address as it is reached from here. */
  route(url: string): string {
    for (const [publicOrigin, localOrigin] of Object.entries(this.#routes)) {
      const rest = url.slice(publicOrigin.length);
      if (url.startsWith(publicOrigin) && /^([/?#]|$)/.test(rest)) return localOrigin + rest;
    }
    return url;
  }

  async #attempt(request: WebhookRequest, idempotencyToken: string): Promise<WebhookAnswer> {
    const startedAtMs = performance.now();
    const isPost = request.method === 'POST';
    const form = new URLSearchParams(
      request.parameters.map(([name, value]): [string, string] => [name, value]),
    );
    const url = isPost ? request.url : withQuery(request.url, form);
    const signed = signedFormOf(url);
    const headers: Record<string, string> = {
      'x-twilio-signature': signWebhook(this.#authToken, signed, isPost ? request.parameters : []),
      'i-twilio-idempotency-token': idempotencyToken,
      'user-agent': 'TwilioProxy/1.1',
      accept: '*/*',
    };
    if (isPost) headers['content-type'] = 'application/x-www-form-urlencoded; charset=UTF-8';
    try {
      const response = await fetch(this.route(url.split('#', 1)[0]!), {
        method: request.method,
        headers,
        signal: AbortSignal.timeout(this.#timeoutMs),
        ...(isPost ? { body: form.toString() } : {}),
      });
      const body = await response.text();
      return { type: 'answered', status: response.status, body, durationMs: performance.now() - startedAtMs };
    } catch (error) {
      const durationMs = performance.now() - startedAtMs;
      return { type: 'failed', code: codeOf(error), detail: String(error), durationMs };
    }
  }
}

function withQuery(url: string, form: URLSearchParams): string {
  const [beforeFragment] = url.split('#', 1);
  return `${beforeFragment}${beforeFragment!.includes('?') ? '&' : '?'}${form.toString()}`;
}

function codeOf(error: unknown): number {
  const cause = error instanceof Error ? (error.cause as { code?: string } | undefined) : undefined;
  const isConnection = ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH'].includes(cause?.code ?? '');
  return isConnection ? HTTP_CONNECTION_FAILURE : HTTP_RETRIEVAL_FAILURE;
}
