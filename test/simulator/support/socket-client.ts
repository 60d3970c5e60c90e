import { WebSocket } from 'ws';
import { MULAW_SILENCE } from '../../../src/audio/frame.ts';

/** A plain client of a simulated vendor's socket, written from the vendor's documents alone. */

export type Message = Record<string, unknown> & { readonly type?: string };

export class SocketClient {
  readonly messages: Message[] = [];
  readonly binary: Buffer[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly ws: WebSocket;
  #waiting: (() => void)[] = [];

  constructor(url: string, headers: Record<string, string> = { authorization: 'Token key' }) {
    this.ws = new WebSocket(url.replace('http', 'ws'), { headers, perMessageDeflate: false });
    this.ws.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      this.ws.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString() });
        this.#wake();
      });
    });
    this.ws.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.binary.push(data);
      else this.messages.push(parse(data.toString()));
      this.#wake();
    });
  }

  async open(): Promise<this> {
    if (this.ws.readyState === WebSocket.OPEN) return this;
    await new Promise<void>((resolve, reject) => {
      this.ws.once('open', () => resolve());
      this.ws.once('error', reject);
    });
    return this;
  }

  send(message: unknown): void {
    this.ws.send(
      typeof message === 'string' || message instanceof Uint8Array ? message : JSON.stringify(message),
    );
  }

  /** Audio in the 80 ms pieces that the vendor recommends. */
  sendAudio(mulaw: Uint8Array): void {
    for (let at = 0; at < mulaw.length; at += 640) this.ws.send(mulaw.subarray(at, at + 640));
  }

  /** The first message that fits, arrived or to come. */
  async next(fits: (message: Message) => boolean): Promise<Message> {
    return this.until(() => this.messages.find(fits));
  }

  async until<Found>(find: () => Found | undefined): Promise<Found> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.ws.readyState === WebSocket.CLOSED) throw new Error('closed before it came');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  events(): string[] {
    return this.messages.flatMap(({ event }) =>
      typeof event === 'string' && event !== 'Update' ? [event] : [],
    );
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

/** How an upgrade that is refused looks to a client. */
export function refusalOf(
  url: string,
  headers: Record<string, string> = { authorization: 'Token key' },
): Promise<{ status: number; headers: Record<string, unknown>; body: Message }> {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url.replace('http', 'ws'), { headers });
    ws.on('error', () => undefined);
    ws.on('open', () => reject(new Error('was accepted')));
    ws.on('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: JSON.parse(text) as Message,
        }),
      );
    });
  });
}

export function silence(ms: number): Uint8Array {
  return new Uint8Array(ms * 8).fill(MULAW_SILENCE);
}

function parse(text: string): Message {
  try {
    return JSON.parse(text) as Message;
  } catch {
    return { type: 'unreadable', text };
  }
}
