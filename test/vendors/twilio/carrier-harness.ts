import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';
import { WebSocket } from 'ws';
import type { MediaStream } from '../../../src/call/transport/media-stream.ts';
import { systemClock, type Clock } from '../../../src/platform/process/clock.ts';
import type { CallSid } from '../../../src/business/tenancy/ids/ids.ts';
import { MediaServer } from '../../../src/vendors/twilio/media-server.ts';
import { createTwilioSignature } from '../../../src/vendors/twilio/signature.ts';
import { StreamTokens } from '../../../src/vendors/twilio/stream-token.ts';
import { until } from '../../support/until.ts';

const authToken = '12345';
export const callSid = 'CA00000000000000000000000000000001' as CallSid;
export const streamSid = 'MZ00000000000000000000000000000001';

/** A media server on a real port, and Twilio's side of its sockets. */
export class CarrierHarness implements AsyncDisposable {
  readonly streams: MediaStream[] = [];
  readonly tokens: StreamTokens;
  readonly media: MediaServer;
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: WebSocket[] = [];

  constructor(server: Server, options: { clock: Clock; maxHalfOpenPerAddress?: number }) {
    const { clock } = options;
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    this.tokens = new StreamTokens({ tokenSecret: 'secret', clock });
    this.media = new MediaServer({
      path: '/media/twilio',
      signature: createTwilioSignature({ publicUrl: this.publicUrl, authTokens: [authToken] }),
      tokens: this.tokens,
      ...options,
      onStream: (stream) => this.streams.push(stream),
    });
    this.media.attach(server);
  }

  static async start(
    options: { clock?: Clock; maxHalfOpenPerAddress?: number } = {},
  ): Promise<CarrierHarness> {
    const server = createServer((_request, response) => response.writeHead(404).end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new CarrierHarness(server, { clock: systemClock, ...options });
  }

  get publicUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A socket as Twilio opens it, signed unless told otherwise. */
  socket(options: { path?: string; signature?: string | undefined } = {}): WebSocket {
    const url = `ws://127.0.0.1:${this.port}${options.path ?? '/media/twilio'}`;
    const signature =
      'signature' in options ? options.signature : twilio.getExpectedTwilioSignature(authToken, url, {});
    const socket = new WebSocket(url, {
      headers: signature === undefined ? {} : { 'x-twilio-signature': signature },
      perMessageDeflate: true,
    });
    socket.on('error', () => undefined);
    this.#sockets.push(socket);
    return socket;
  }

  /** How an upgrade is answered: the HTTP status, 101 when it is accepted. */
  async answerTo(options: { path?: string; signature?: string | undefined }): Promise<number> {
    const socket = this.socket(options);
    return await new Promise((resolve) => {
      socket.once('open', () => resolve(101));
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    });
  }

  async openSocket(): Promise<WebSocket> {
    const socket = this.socket();
    await once(socket, 'open');
    return socket;
  }

  startMessage(token: string, overrides: Record<string, unknown> = {}): string {
    return JSON.stringify({
      event: 'start',
      sequenceNumber: '1',
      streamSid,
      start: {
        streamSid,
        accountSid: 'AC00000000000000000000000000000001',
        callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters: { token },
        ...overrides,
      },
    });
  }

  /** A socket whose stream has been accepted. */
  async openStream(): Promise<{ socket: WebSocket; stream: MediaStream }> {
    const socket = await this.openSocket();
    const before = this.streams.length;
    socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    socket.send(this.startMessage(this.tokens.issue(callSid)));
    await until(() => this.streams.length > before);
    return { socket, stream: this.streams.at(-1)! };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.terminate();
    await this.media.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
