import type { IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { CancelTimer, Clock } from '../platform/process/clock.ts';
import { VendorError } from '../platform/process/errors.ts';
import { headerText, type RefusalDialect } from './refusal.ts';
import { withoutSecret } from './vendor-options.ts';

/** Longer than a transatlantic TLS handshake, shorter than the deadlines after which another vendor is tried. */
const HANDSHAKE_TIMEOUT_MS = 5_000;
/** Timeout for the vendor's answer to a close; a call must free its resources within 5 s [L15]. */
const CLOSE_GRACE_MS = 1_000;
/** Timeout for the body of a refused upgrade, which has the reason. */
const REFUSAL_BODY_TIMEOUT_MS = 500;
const REFUSAL_BODY_MAX_BYTES = 4_096;
const MAX_REASON_CHARACTERS = 300;
/** The largest message a speech vendor sends is some seconds of base64 audio. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

export interface VendorSocketOptions {
  readonly vendor: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Removed from everything that is reported. */
  readonly secret: string;
  /** Reads the vendor's reason for refusing a connection. */
  readonly refusal: RefusalDialect;
  readonly clock: Clock;
  /** Interval of WebSocket pings; none if undefined. */
  readonly pingEveryMs?: number;
}

export interface VendorSocketListener {
  onOpen(): void;
  onText(text: string): void;
  onBinary?(bytes: Uint8Array): void;
  /** Called exactly once and last; the error is undefined after `close()`. */
  onClosed(error: VendorError | undefined): void;
}

/** One socket to a speech vendor: connects at once, never throws, and reports its end once. */
export class VendorSocket {
  readonly #options: VendorSocketOptions;
  readonly #listener: VendorSocketListener;
  readonly #socket: WebSocket;
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  #failure: VendorError | undefined;
  #cancelGrace: CancelTimer | undefined;
  #cancelPing: CancelTimer | undefined;

  constructor(options: VendorSocketOptions, listener: VendorSocketListener) {
    this.#options = options;
    this.#listener = listener;
    this.#socket = new WebSocket(options.url, {
      headers: options.headers,
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
      maxPayload: MAX_PAYLOAD_BYTES,
      followRedirects: false,
    });
    this.#socket.on('open', () => this.#onOpen());
    this.#socket.on('message', (data, isBinary) => this.#onMessage(data as Buffer, isBinary));
    this.#socket.on('unexpected-response', (_request, response) => this.#onRefused(response));
    this.#socket.on('error', (error) => this.#onError(error));
    this.#socket.on('close', (code, reason) => this.#onClose(code, reason.toString('utf8')));
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  send(data: string | Uint8Array): void {
    if (this.#state === 'open') this.#socket.send(data);
  }

  /** Closes gracefully, after the message `farewell` if the vendor has one; idempotent. */
  close(farewell?: string): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    if (this.#state === 'connecting') {
      this.#state = 'closing';
      this.#socket.terminate();
      return;
    }
    if (farewell !== undefined) this.#socket.send(farewell);
    this.#state = 'closing';
    // After a farewell the vendor closes; without one the server starts the close handshake.
    if (farewell === undefined) this.#socket.close(1000);
    this.#cancelGrace = this.#options.clock.after(CLOSE_GRACE_MS, () => this.#socket.terminate());
  }

  /** Closes at once because of a message of the vendor; `onClosed` gets it as an error. */
  fail(message: string, details: { code: string; isRetryable: boolean }): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#failure ??= this.#error(message, details);
    this.#socket.terminate();
  }

  #onOpen(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.#schedulePing();
    this.#listener.onOpen();
  }

  #schedulePing(): void {
    const everyMs = this.#options.pingEveryMs;
    if (everyMs === undefined) return;
    this.#cancelPing = this.#options.clock.after(everyMs, () => {
      if (this.#state !== 'open') return;
      this.#socket.ping();
      this.#schedulePing();
    });
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    // After `close()` only `onClosed` is called.
    if (this.#state !== 'open' || this.#failure !== undefined) return;
    if (isBinary) this.#listener.onBinary?.(data);
    else this.#listener.onText(data.toString('utf8'));
  }

  #onRefused(response: IncomingMessage): void {
    let body = '';
    const finish = (): void => {
      cancelWait();
      response.removeAllListeners('data');
      this.#failure ??= this.#refusal(response, body);
      this.#socket.terminate();
      response.destroy();
    };
    const cancelWait = this.#options.clock.after(REFUSAL_BODY_TIMEOUT_MS, finish);
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
      if (body.length >= REFUSAL_BODY_MAX_BYTES) finish();
    });
    response.once('end', finish);
    response.once('error', finish);
  }

  #refusal(response: IncomingMessage, body: string): VendorError {
    const status = response.statusCode ?? 0;
    const { headers } = response;
    const dialect = this.#options.refusal;
    const reason = dialect.reason({ headers, body })?.slice(0, MAX_REASON_CHARACTERS);
    const requestId = dialect.requestId({ headers, body });
    const retryAfterMs = parseRetryAfterMs(headerText(headers, 'retry-after'));
    return this.#error(
      `refused the connection with ${status} ${reason ?? response.statusMessage ?? ''}${requestId === undefined ? '' : ` (request ${requestId})`}`,
      { code: String(status), isRetryable: isRetryableStatus(status), retryAfterMs },
    );
  }

  #onError(error: Error): void {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'socket';
    this.#failure ??= this.#error(error.message, { code, isRetryable: true });
  }

  #onClose(code: number, reason: string): void {
    const closedByUs = this.#state === 'closing';
    this.#state = 'closed';
    this.#cancelGrace?.();
    this.#cancelPing?.();
    if (closedByUs) {
      this.#listener.onClosed(undefined);
      return;
    }
    this.#failure ??= this.#error(`closed the connection with ${code} ${reason}`.trimEnd(), {
      code: String(code),
      isRetryable: true,
    });
    this.#listener.onClosed(this.#failure);
  }

  #error(
    message: string,
    details: { code: string; isRetryable: boolean; retryAfterMs?: number | undefined },
  ): VendorError {
    const { retryAfterMs, ...rest } = details;
    return new VendorError(this.#options.vendor, withoutSecret(message, this.#options.secret), {
      ...rest,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}

/** A retry may help after a timeout, a rate limit or a server error; never after a refusal. */
export function isRetryableStatus(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || status >= 500;
}

/** `retry-after` in seconds; the date form is not used by these vendors and is ignored. */
export function parseRetryAfterMs(header: string | null | undefined): number | undefined {
  const seconds = Number(header ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined;
}
