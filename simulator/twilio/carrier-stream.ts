import { FRAME_BYTES, FRAME_MS, MULAW_SILENCE } from '../../src/audio/frame.ts';
import { WebSocket } from 'ws';
import type { Probe } from '../probe.ts';
import { PlaybackBuffer } from './playback-buffer.ts';
import { readStreamMessage } from './stream-message.ts';

export interface CarrierStreamOptions {
  /** Where to connect; may differ from the URL that is signed. */
  readonly dialUrl: string;
  readonly signature: string;
  readonly streamSid: string;
  readonly accountSid: string;
  readonly callSid: string;
  readonly customParameters: Readonly<Record<string, string>>;
  readonly probe: Probe | undefined;
  readonly onWarning: (code: number, detail: string) => void;
  /** `start` has been sent. */
  readonly onStarted: () => void;
  /** Audio has come in from the server, by `performance.now()`. */
  readonly onAudio: (atWallMs: number) => void;
  readonly onClear: () => void;
  /** Exactly once. `error` is the carrier's code when the stream did not end by agreement. */
  readonly onClosed: (end: StreamEnd) => void;
}

export interface StreamEnd {
  readonly endedBy: 'carrier' | 'server';
  readonly code: number;
  readonly error: { readonly code: number; readonly detail: string } | undefined;
}

const SILENT_FRAME = Buffer.alloc(FRAME_BYTES, MULAW_SILENCE).toString('base64');
/** Beyond this the network takes nothing more, and frames are lost as they would be on a real line. */
const MAX_BUFFERED_BYTES = 1 << 20;
/** Timeout for the server's answer to a close. */
const CLOSE_TIMEOUT_MS = 2_000;
const HANDSHAKE_TIMEOUT_MS = 15_000;
const CONNECTION_REFUSED = 31_902;
const BROKEN_PIPE = 31_903;
const HANDSHAKE_ERROR = 31_920;
const UNDECODABLE_MESSAGE = 31_950;
const INVALID_MESSAGE = 31_951;

/** The carrier's end of one media stream. */
export class CarrierStream {
  readonly #options: CarrierStreamOptions;
  readonly #socket: WebSocket;
  readonly #playback = new PlaybackBuffer();
  readonly #mediaTail: string;
  readonly #warned = new Set<number>();
  #isLive = false;
  #isClosed = false;
  #endedByCarrier = false;
  #handshakeFailure: { readonly code: number; readonly detail: string } | undefined;
  #closing: NodeJS.Timeout | undefined;
  #sequence = 0;
  #chunk = 0;
  #timestampMs = 0;
  framesSent = 0;
  framesLost = 0;
  marksEchoed = 0;

  constructor(options: CarrierStreamOptions) {
    this.#options = options;
    this.#mediaTail = `"},"streamSid":"${options.streamSid}"}`;
    this.#socket = new WebSocket(options.dialUrl, {
      headers: { 'x-twilio-signature': options.signature, 'user-agent': 'TwilioMediaStreams/1.0' },
      perMessageDeflate: false,
      handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    });
    this.#socket.on('open', () => this.#open());
    this.#socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
    this.#socket.on('unexpected-response', (request, response) => {
      this.#handshakeFailure = { code: HANDSHAKE_ERROR, detail: `HTTP ${response.statusCode}` };
      request.destroy();
    });
    this.#socket.on('error', (error: Error & { code?: string }) => {
      const code = error.code === 'ECONNREFUSED' ? CONNECTION_REFUSED : HANDSHAKE_ERROR;
      if (!this.#isLive) this.#handshakeFailure ??= { code, detail: error.message };
    });
    this.#socket.on('close', (code) => this.#closed(code));
  }

  /** After `start` has been sent, until the end. */
  get isLive(): boolean {
    return this.#isLive;
  }

  get pendingPlaybackBytes(): number {
    return this.#playback.pendingBytes;
  }

  /** The caller's next 20 ms; silence when undefined. */
  sendFrame(mulaw: Uint8Array | undefined): void {
    if (!this.#isLive) return;
    this.#timestampMs += FRAME_MS;
    if (this.#socket.bufferedAmount > MAX_BUFFERED_BYTES) {
      this.framesLost += 1;
      return;
    }
    this.#sequence += 1;
    this.#chunk += 1;
    this.framesSent += 1;
    const { callSid, probe } = this.#options;
    const payload = mulaw === undefined ? SILENT_FRAME : toBase64(mulaw);
    probe?.({ type: 'frame-sent', callSid, isSilent: mulaw === undefined, atMs: performance.now() });
    // Built by hand: at thousands of frames a second JSON.stringify would be most of the work.
    this.#socket.send(
      `{"event":"media","sequenceNumber":"${this.#sequence}","media":{"track":"inbound","chunk":"${this.#chunk}","timestamp":"${this.#timestampMs - FRAME_MS}","payload":"${payload}${this.#mediaTail}`,
    );
  }

  /** Time passes on the line, but no frame is sent. */
  skipFrame(): void {
    if (this.#isLive) this.#timestampMs += FRAME_MS;
  }

  sendDigit(digit: string): void {
    this.#send({ event: 'dtmf', dtmf: { track: 'inbound_track', digit } });
  }

  /** What the caller hears in the next 20 ms. */
  play(): Uint8Array {
    const played = this.#playback.play();
    for (const name of played.marks) this.#echo(name);
    return played.mulaw;
  }

  /** Ends the stream as the carrier does: `stop`, then close. */
  stop(): void {
    this.#endedByCarrier = true;
    const { accountSid, callSid } = this.#options;
    this.#send({ event: 'stop', stop: { accountSid, callSid } });
    this.#isLive = false;
    this.#socket.close(1000);
    this.#closing ??= setTimeout(() => this.#socket.terminate(), CLOSE_TIMEOUT_MS);
  }

  /** Breaks the connection, without `stop` and without a close frame. */
  destroy(): void {
    this.#endedByCarrier = true;
    this.#isLive = false;
    this.#socket.terminate();
  }

  #open(): void {
    const { streamSid, accountSid, callSid, customParameters, probe } = this.#options;
    this.#socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}');
    this.#isLive = true;
    this.#send({
      event: 'start',
      start: {
        accountSid,
        streamSid,
        callSid,
        tracks: ['inbound'],
        mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
        customParameters,
      },
    });
    probe?.({ type: 'stream-started', callSid, atMs: performance.now() });
    this.#options.onStarted();
  }

  #send(message: { readonly event: string; readonly [field: string]: unknown }): void {
    if (!this.#isLive) return;
    this.#sequence += 1;
    const { event, ...rest } = message;
    const { streamSid } = this.#options;
    this.#socket.send(JSON.stringify({ event, sequenceNumber: String(this.#sequence), streamSid, ...rest }));
  }

  #echo(name: string): void {
    this.marksEchoed += 1;
    this.#send({ event: 'mark', mark: { name } });
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (!this.#isLive) return;
    if (isBinary) return this.#warn(UNDECODABLE_MESSAGE, 'binary frame');
    const { callSid, probe } = this.#options;
    const atMs = performance.now();
    const message = readStreamMessage(data.toString('utf8'), this.#options.streamSid);
    switch (message.event) {
      case 'media':
        this.#playback.queue(message.mulaw);
        probe?.({ type: 'media-arrived', callSid, bytes: message.mulaw.length, atMs });
        this.#options.onAudio(atMs);
        return;
      case 'mark':
        if (this.#playback.mark(message.name)) this.#echo(message.name);
        return;
      case 'clear':
        for (const name of this.#playback.clear().marks) this.#echo(name);
        probe?.({ type: 'clear-arrived', callSid, atMs });
        this.#options.onClear();
        return;
      case 'invalid':
        this.#warn(INVALID_MESSAGE, message.reason);
        return;
      default:
        message satisfies never;
    }
  }

  /** Each kind is reported once a stream, as the carrier does. */
  #warn(code: number, detail: string): void {
    if (this.#warned.has(code)) return;
    this.#warned.add(code);
    this.#options.onWarning(code, detail);
  }

  #closed(code: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#closing);
    this.#isLive = false;
    const broken = code === 1006 ? { code: BROKEN_PIPE, detail: 'connection dropped' } : undefined;
    this.#options.onClosed({
      endedBy: this.#endedByCarrier ? 'carrier' : 'server',
      code,
      error: this.#endedByCarrier ? undefined : (this.#handshakeFailure ?? broken),
    });
  }
}

function toBase64(mulaw: Uint8Array): string {
  return Buffer.from(mulaw.buffer, mulaw.byteOffset, mulaw.byteLength).toString('base64');
}
