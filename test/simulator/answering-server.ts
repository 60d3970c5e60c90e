import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
}

export interface ReceivedMessage {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** One media stream as the server sees it. */
export interface ServedStream {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  readonly socket: WebSocket;
  readonly messages: ReceivedMessage[];
  /** Undefined while the connection is open. */
  closeCode: number | undefined;
  readonly streamSid: string;
  audio(): Buffer;
  send(message: Readonly<Record<string, unknown>>): void;
  play(mulaw: Uint8Array): void;
}

export interface AnsweringServer {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  readonly streams: ServedStream[];
  close(): Promise<void>;
}

/** Stands in for the real server: answers webhooks with given TwiML and does as told on the media socket. */
export async function startAnsweringServer(behaviour: {
  readonly answer: (request: ReceivedRequest, url: string) => string | { readonly status: number };
  readonly onStart?: (stream: ServedStream) => void;
  readonly onMessage?: (message: ReceivedMessage, stream: ServedStream) => void;
}): Promise<AnsweringServer> {
  const requests: ReceivedRequest[] = [];
  const streams: ServedStream[] = [];
  let url = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
      const received = { path: request.url ?? '', headers: request.headers, form };
      requests.push(received);
      const answer = behaviour.answer(received, url);
      if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'text/xml' }).end(answer);
      else response.writeHead(answer.status).end();
    });
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    const messages: ReceivedMessage[] = [];
    const stream: ServedStream = {
      headers: request.headers,
      path: request.url ?? '',
      socket,
      messages,
      closeCode: undefined,
      get streamSid() {
        return String(messages.find(({ event }) => event === 'start')?.['streamSid']);
      },
      audio: () =>
        Buffer.concat(
          messages
            .filter(({ event }) => event === 'media')
            .map(({ media }) => Buffer.from((media as { payload: string }).payload, 'base64')),
        ),
      send(message) {
        socket.send(JSON.stringify({ ...message, streamSid: this.streamSid }));
      },
      play(mulaw) {
        this.send({ event: 'media', media: { payload: Buffer.from(mulaw).toString('base64') } });
      },
    };
    streams.push(stream);
    socket.once('close', (code) => (stream.closeCode = code));
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString('utf8')) as ReceivedMessage;
      messages.push(message);
      if (message.event === 'start') behaviour.onStart?.(stream);
      behaviour.onMessage?.(message, stream);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    streams,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate();
        sockets.close();
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** `<Connect><Stream>` to the server's own media socket. */
export function connectTwiml(url: string, after = ''): string {
  const media = url.replace(/^http/, 'ws').replace(/^ws:/, 'wss:');
  return `<?xml version="1.0" encoding="UTF-8"?><Response><Connect action="${url}/after"><Stream url="${media}/media"><Parameter name="token" value="a&amp;b"/></Stream></Connect>${after}</Response>`;
}
