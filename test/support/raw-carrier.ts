import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import twilio from 'twilio';
import { WebSocket } from 'ws';
import { MULAW_SILENCE } from '../../src/audio/frame.ts';
import type { Config } from '../../src/app/config.ts';
import { MEDIA_PATH, VOICE_PATH } from '../../src/vendors/twilio/webhooks.ts';

const FRAME_MS = 20;
const FRAME_BYTES = 160;
const silence = Buffer.alloc(FRAME_BYTES, MULAW_SILENCE).toString('base64');

/** A carrier without manners, by hand: what is signed, sent and read is up to the test. */
export class RawCarrier {
  readonly callSid = `CA${randomBytes(16).toString('hex')}`;
  readonly #publicUrl: string;
  readonly #authToken: string;

  constructor({ publicUrl, vendors }: Config) {
    this.#publicUrl = publicUrl;
    this.#authToken = vendors.twilio.authTokens[0]!;
  }

  /** Posts a webhook of this call, signed unless told otherwise; the body of a redirect or an answer comes back. */
  async post(
    path: string,
    fields: Readonly<Record<string, string>> = {},
    signature?: string,
  ): Promise<{ status: number; body: string }> {
    const url = this.#publicUrl + path;
    const parameters = { CallSid: this.callSid, ...fields };
    const response = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams(parameters),
      headers: {
        'x-twilio-signature':
          signature ?? twilio.getExpectedTwilioSignature(this.#authToken, url, parameters),
      },
    });
    return { status: response.status, body: await response.text() };
  }

  /** Rings, and answers with the token that the stream is to show. */
  async ring(to: string, from = '+14155550170'): Promise<string> {
    const { body } = await this.post(VOICE_PATH, { To: to, From: from, CallStatus: 'ringing' });
    return tokenIn(body);
  }

  /** The socket of a stream, upgraded; nothing has been said on it. */
  async connect(signature?: string): Promise<WebSocket> {
    const socket = this.socket(signature);
    await once(socket, 'open');
    return socket;
  }

  socket(signature?: string): WebSocket {
    const url = this.#publicUrl.replace('http', 'ws') + MEDIA_PATH;
    const headers = {
      'x-twilio-signature': signature ?? twilio.getExpectedTwilioSignature(this.#authToken, url, {}),
    };
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    socket.on('error', () => undefined);
    return socket;
  }

  async openStream(token: string): Promise<RawStream> {
    return new RawStream(await this.connect(), this.callSid, token);
  }
}

export function tokenIn(instructions: string): string {
  const token = /name="token" value="([^"]+)"/.exec(instructions)?.[1];
  if (token === undefined) throw new Error(`no stream is asked for: ${instructions}`);
  return token;
}

/** One media stream, from its `start` on; the caller is silent for as long as frames are sent. */
export class RawStream {
  readonly streamSid = `MZ${randomBytes(16).toString('hex')}`;
  readonly socket: WebSocket;
  readonly closed: Promise<number>;
  receivedAudioMs = 0;
  #sequence = 1;
  #timestampMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #echoesMarks = true;

  constructor(socket: WebSocket, callSid: string, token: string) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    void this.closed.then(() => this.goQuiet());
    socket.on('message', (data: Buffer) => this.#receive(data.toString()));
    socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    const start = {
      streamSid: this.streamSid,
      accountSid: 'AC00000000000000000000000000000000',
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: { token },
    };
    this.#send({ event: 'start', start });
    this.#timer = setInterval(() => this.sendFrame(), FRAME_MS);
  }

  sendFrame(payload = silence): void {
    const timestamp = String(this.#timestampMs);
    this.#timestampMs += FRAME_MS;
    this.#send({ event: 'media', media: { track: 'inbound', chunk: '1', timestamp, payload } });
  }

  /** No more frames; the connection stays. */
  goQuiet(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  stop(): void {
    this.goQuiet();
    this.#send({ event: 'stop', stop: {} });
    this.socket.close();
  }

  /** Gone without a word, as when a cable is cut. */
  reset(): void {
    this.goQuiet();
    tcpOf(this.socket).resetAndDestroy();
  }

  stopReading(): void {
    this.#echoesMarks = false;
    tcpOf(this.socket).pause();
  }

  readOn(): void {
    this.#echoesMarks = true;
    tcpOf(this.socket).resume();
  }

  #send(message: { readonly event: string; readonly [field: string]: unknown }): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const sequenceNumber = String(this.#sequence);
    this.#sequence += 1;
    this.socket.send(JSON.stringify({ ...message, sequenceNumber, streamSid: this.streamSid }));
  }

  #receive(text: string): void {
    const message = JSON.parse(text) as {
      event: string;
      media?: { payload: string };
      mark?: { name: string };
    };
    if (message.event === 'media') {
      this.receivedAudioMs += Buffer.from(message.media!.payload, 'base64').length / 8;
    }
    if (message.event === 'mark' && this.#echoesMarks) this.#send({ event: 'mark', mark: message.mark });
  }
}

/** The connection under a socket, for which `ws` has no public name. */
export function tcpOf(socket: WebSocket): Socket {
  return Reflect.get(socket, '_socket') as Socket;
}
