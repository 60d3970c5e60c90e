import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Clock } from '../../platform/process/clock.ts';

/** After the stream's last event a few bytes are left; if they take longer, the connection is closed. */
const DRAIN_TIMEOUT_MS = 1_000;
/** Idle connections per server, about the number of concurrent replies. */
const MAX_IDLE_CONNECTIONS = 128;

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * `fetch` with connections that stay open during the pauses of a conversation. The built-in one closes a connection
 * after four idle seconds, so that nearly every turn of a call would begin with a TLS handshake; it also closes it when
 * the reader stops at the stream's last event instead of its last byte, as the vendor's SDK does.
 */
export function createKeepAliveFetch(clock: Clock): Fetch {
  const agents = {
    http: new HttpAgent({ keepAlive: true, maxFreeSockets: MAX_IDLE_CONNECTIONS }),
    https: new HttpsAgent({ keepAlive: true, maxFreeSockets: MAX_IDLE_CONNECTIONS }),
  };

  const send = (url: URL, init: RequestInit, canRetry: boolean): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const isTls = url.protocol === 'https:';
      const body = typeof init.body === 'string' ? init.body : '';
      const request = (isTls ? httpsRequest : httpRequest)(url, {
        method: init.method ?? 'GET',
        headers: {
          ...Object.fromEntries(new Headers(init.headers)),
          ...(body === '' ? {} : { 'content-length': Buffer.byteLength(body) }),
        },
        agent: isTls ? agents.https : agents.http,
      });
      // Destroyed without an error, which could surface on a socket that was just returned to the pool.
      const abort = (): void => void request.destroy();
      init.signal?.addEventListener('abort', abort, { once: true });
      request.once('close', () => init.signal?.removeEventListener('abort', abort));
      let isAnswered = false;
      request.once('response', (incoming) => {
        isAnswered = true;
        resolve(incoming);
      });
      // The listener stays for the life of the request: a reset or an abort after the response is reported here too.
      request.on('error', (error) => {
        // The reader of the body gets the error. A retry here would produce a response without a reader.
        if (isAnswered) return;
        // The server closed the idle connection before it read anything of the request.
        const isStale = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
        if (isStale && canRetry && init.signal?.aborted !== true) resolve(send(url, init, false));
        else reject(init.signal?.aborted === true ? new DOMException('aborted', 'AbortError') : error);
      });
      request.end(body);
    });

  return async (input, init = {}) => {
    init.signal?.throwIfAborted();
    const url = new URL(input instanceof Request ? input.url : input);
    const incoming = await send(url, init, true);
    // The reader of the body gets the error; this avoids an uncaught one.
    incoming.on('error', () => undefined);
    const status = incoming.statusCode ?? 502;
    const hasBody = status !== 204 && status !== 304;
    if (!hasBody) incoming.resume();
    return new Response(hasBody ? bytesOf(incoming, clock) : null, {
      status,
      statusText: incoming.statusMessage ?? '',
      headers: headersOf(incoming),
    });
  };
}

/** The body. When its reader stops early the rest is read and discarded, so that the connection stays usable. */
async function* bytesOf(incoming: IncomingMessage, clock: Clock): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } finally {
    if (!incoming.readableEnded && !incoming.destroyed) {
      const cancel = clock.after(DRAIN_TIMEOUT_MS, () => incoming.destroy());
      incoming.once('close', cancel);
      incoming.once('error', cancel);
      incoming.resume();
    }
  }
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const item of Array.isArray(value) ? value : [value ?? '']) headers.append(name, item);
  }
  return headers;
}
