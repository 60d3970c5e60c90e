import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

/** The server of a simulated vendor: its own port, upgrades that can be refused, and faults. */
export interface VendorServer {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

export interface VendorServerOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly maxPayloadBytes?: number;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;
  readonly onUpgrade: (upgrade: Upgrade) => Promise<void>;
}

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly url: URL;
  /** Undefined when the client has gone in the meantime. */
  accept(): VendorSocket | undefined;
  refuse(status: number, body: unknown, headers?: Readonly<Record<string, string>>): void;
}

export interface VendorSocket {
  readonly ws: WebSocket;
  /** TCP reset: the client sees 1006. */
  reset(): void;
}

export async function startVendorServer(options: VendorServerOptions): Promise<VendorServer> {
  const { port = 0, maxPayloadBytes = 1 << 20, onRequest, onUpgrade } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: maxPayloadBytes,
  });
  const open = new Set<Duplex>();
  const server = createServer((request, response) => {
    onRequest(request, response, urlOf(request)).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, 500, { error: { message: String(error) } });
    });
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('error', ignore);
    socket.once('close', () => open.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    const upgrade = upgradeOf(sockets, request, socket as Socket, head);
    onUpgrade(upgrade).catch((error: unknown) => upgrade.refuse(500, { error: String(error) }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of open) socket.destroy();
        sockets.close();
        server.close(() => resolve());
      }),
  };
}

function upgradeOf(
  sockets: WebSocketServer,
  request: IncomingMessage,
  socket: Socket,
  head: Buffer,
): Upgrade {
  return {
    request,
    url: urlOf(request),
    accept() {
      if (socket.destroyed) return undefined;
      let accepted: WebSocket | undefined;
      sockets.handleUpgrade(request, socket, head, (ws) => (accepted = ws));
      if (!accepted) return undefined;
      // A frame the protocol layer rejects (too large, badly masked) closes the socket by itself.
      accepted.on('error', ignore);
      return { ws: accepted, reset: () => socket.resetAndDestroy() };
    },
    refuse(status, body, headers = {}) {
      const text = JSON.stringify(body);
      const lines = Object.entries({
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(text)),
        connection: 'close',
        ...headers,
      }).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n${text}`);
    },
  };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** The whole body as text; undefined when it is longer than `maxBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The JSON object in `text`, or undefined when it is anything else. */
export function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function wait(ms: number): Promise<void> {
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms).unref());
}

function urlOf(request: IncomingMessage): URL {
  return new URL(request.url ?? '/', 'http://127.0.0.1');
}

function ignore(): void {}
