import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import type { MediaStream } from '../../call/transport/transport.ts';
import type { Clock } from '../../platform/process/clock.ts';
import { MediaSocket, type MediaCounters } from './media-socket.ts';
import type { TwilioSignature } from './signature.ts';
import type { StreamTokens } from './stream-token.ts';

/** Far above Twilio's frames of 372 bytes [F23]. */
const MAX_PAYLOAD_BYTES = 64 * 1024;
/**
 * Limit per address of sockets without a valid `start`. They are in this state for milliseconds, so only a flood
 * reaches the limit; it is high enough for a burst of calls through one proxy [F24, F25].
 */
const DEFAULT_MAX_HALF_OPEN = 256;

export interface MediaServerOptions {
  readonly path: string;
  readonly signature: TwilioSignature;
  readonly tokens: StreamTokens;
  readonly clock: Clock;
  readonly logger?: Pick<Logger, 'debug' | 'warn'>;
  readonly maxHalfOpenPerAddress?: number;
  /** Called once per stream that has passed all three checks. */
  readonly onStream: (stream: MediaStream) => void;
}

/**
 * The server of Twilio's media streams. Nothing is allocated for a stream before the upgrade's signature, the token of
 * its
 * `start`, and the call of the token have been checked, in this order [F12, F13, F24].
 */
export class MediaServer {
  readonly counters: MediaCounters = {
    upgradesRefused: 0,
    streamsRefused: 0,
    streamsAccepted: 0,
    malformedFrames: 0,
  };
  readonly #options: MediaServerOptions;
  readonly #sockets = new Set<MediaSocket>();
  readonly #halfOpenByAddress = new Map<string, number>();
  #isClosing = false;
  #onEmpty: (() => void) | undefined;
  readonly #webSockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: MAX_PAYLOAD_BYTES,
    clientTracking: false,
  });

  constructor(options: MediaServerOptions) {
    this.#options = options;
    // An invalid WebSocket handshake is answered with 400 by default; here it is counted as a refusal.
    this.#webSockets.on('wsClientError', (_error, socket) => this.#refuse(socket, 403));
  }

  /** Handles the upgrades of an HTTP server; other paths are left to other listeners, or get 404 if there are none. */
  attach(server: Server): void {
    server.on('upgrade', (request, socket, head) => {
      if (this.handleUpgrade(request, socket, head)) return;
      if (server.listenerCount('upgrade') === 1) this.#refuse(socket, 404);
    });
  }

  /** False if the path is another one; nothing is done then. */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const target = request.url ?? '';
    const path = target.split('?', 1)[0]!;
    if (path !== this.#options.path && path !== `${this.#options.path}/`) return false;
    socket.on('error', () => socket.destroy());

    const signature = request.headers['x-twilio-signature'];
    const address = request.socket.remoteAddress ?? '';
    if (!this.#options.signature.isSignedUpgrade({ target, signature: firstOf(signature) })) {
      this.#refuse(socket, 403);
    } else if (this.#isClosing) {
      this.#refuse(socket, 503);
    } else if (this.#halfOpen(address) >= (this.#options.maxHalfOpenPerAddress ?? DEFAULT_MAX_HALF_OPEN)) {
      this.#refuse(socket, 429);
    } else {
      this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => this.#adopt(webSocket, address));
    }
    return true;
  }

  /** Sockets open now, those without a `start` included. */
  get openSockets(): number {
    return this.#sockets.size;
  }

  /** Refuses new streams, ends the open ones and resolves when the last has closed. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (this.#sockets.size === 0) return;
    const emptied = new Promise<void>((resolve) => {
      this.#onEmpty = resolve;
    });
    for (const socket of this.#sockets) socket.close(1001, 'shutdown');
    await emptied;
  }

  #adopt(webSocket: WebSocket, address: string): void {
    this.#halfOpenByAddress.set(address, this.#halfOpen(address) + 1);
    const socket = new MediaSocket(webSocket, {
      ...this.#options,
      counters: this.counters,
      onDecided: () => this.#forgetHalfOpen(address),
      onClosed: () => {
        this.#sockets.delete(socket);
        if (this.#sockets.size === 0) this.#onEmpty?.();
      },
    });
    this.#sockets.add(socket);
  }

  #halfOpen(address: string): number {
    return this.#halfOpenByAddress.get(address) ?? 0;
  }

  #forgetHalfOpen(address: string): void {
    const left = this.#halfOpen(address) - 1;
    if (left > 0) this.#halfOpenByAddress.set(address, left);
    else this.#halfOpenByAddress.delete(address);
  }

  #refuse(socket: Duplex, status: keyof typeof reasonPhrases): void {
    this.counters.upgradesRefused += 1;
    this.#options.logger?.debug({ event: 'media-upgrade-refused', status }, 'media upgrade refused');
    socket.on('error', () => socket.destroy());
    socket.end(
      `HTTP/1.1 ${status} ${reasonPhrases[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
      () => socket.destroy(),
    );
  }
}

const reasonPhrases = {
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;

function firstOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
