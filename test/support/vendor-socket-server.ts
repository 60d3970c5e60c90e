import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { until } from './until.ts';

interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** One connection to a pretended vendor, as the vendor sees it. */
export class VendorEnd {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly texts: string[] = [];
  readonly frames: Buffer[] = [];
  pings = 0;
  closeCode: number | undefined;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket, request: IncomingMessage, onText: (end: VendorEnd, text: string) => void) {
    this.#socket = socket;
    this.url = new URL(request.url ?? '', 'http://vendor');
    this.headers = request.headers;
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.frames.push(data);
      else {
        this.texts.push(data.toString('utf8'));
        onText(this, data.toString('utf8'));
      }
    });
    socket.on('ping', () => {
      this.pings += 1;
    });
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => undefined);
  }

  /** Everything heard so far. */
  get audio(): Buffer {
    return Buffer.concat(this.frames);
  }

  get messages(): readonly Record<string, unknown>[] {
    return this.texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  }

  send(message: string | Uint8Array | object): void {
    const isRaw = typeof message === 'string' || message instanceof Uint8Array;
    this.#socket.send(isRaw ? message : JSON.stringify(message));
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  drop(): void {
    this.#socket.terminate();
  }

  /** Reads nothing more, answers nothing more. */
  freeze(): void {
    this.#socket.pause();
  }
}

/** A pretended vendor on a real port: accepts or refuses sockets, and lets the test speak for it. */
export class VendorSocketServer implements AsyncDisposable {
  readonly ends: VendorEnd[] = [];
  readonly baseUrl: string;
  refusal: Refusal | undefined;
  readonly #server: Server;

  constructor(
    server: Server,
    behaviour: { onOpen?: (end: VendorEnd) => void; onText?: (end: VendorEnd, text: string) => void },
  ) {
    this.#server = server;
    this.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix`;
    const sockets = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request: IncomingMessage, socket, head) => {
      if (this.refusal !== undefined) {
        const { status, headers = {}, body = '' } = this.refusal;
        const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) });
        const headerLines = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
        socket.end(`HTTP/1.1 ${status} Refused\r\n${headerLines}\r\n${body}`);
        return;
      }
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        const end = new VendorEnd(webSocket, request, (from, text) => behaviour.onText?.(from, text));
        this.ends.push(end);
        behaviour.onOpen?.(end);
      });
    });
  }

  static async start(
    behaviour: { onOpen?: (end: VendorEnd) => void; onText?: (end: VendorEnd, text: string) => void } = {},
  ): Promise<VendorSocketServer> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new VendorSocketServer(server, behaviour);
  }

  /** The n-th connection, once it is there. */
  async end(index = 0): Promise<VendorEnd> {
    await until(() => this.ends.length > index);
    return this.ends[index]!;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of this.ends) end.drop();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
