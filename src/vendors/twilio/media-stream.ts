import type { WebSocket } from 'ws';
import { BYTES_PER_MS } from '../../audio/frame.ts';
import type { MediaStream, MediaStreamEvent } from '../../call/transport/transport.ts';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import type { CallSid, StreamSid } from '../../business/tenancy/ids/ids.ts';
import { EarlyEvents } from './early-events.ts';
import { formatClear, formatMark, formatMedia, type MediaMessage } from './media-message.ts';

/** Timeout for Twilio's answer to a close; a call must free its resources within 5 s [L15]. */
const CLOSE_GRACE_MS = 1_000;
const OPEN = 1;

/** The media stream of one call at Twilio, after its `start` was accepted. */
export class TwilioMediaStream implements MediaStream {
  readonly callSid: CallSid;
  readonly streamSid: StreamSid;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  #listener: ((event: MediaStreamEvent) => void) | undefined;
  #early = new EarlyEvents();
  /** Position of the next frame if it has no timestamp. */
  #nextOffsetMs = 0;
  #endExpected = false;
  #isClosed = false;
  #cancelGrace: CancelTimer | undefined;

  constructor(socket: WebSocket, start: { callSid: CallSid; streamSid: StreamSid }, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.callSid = start.callSid;
    this.streamSid = start.streamSid;
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  listen(listener: (event: MediaStreamEvent) => void): void {
    this.#listener = listener;
    for (const event of this.#early.takeAll()) listener(event);
  }

  sendAudio(mulaw: Uint8Array): void {
    if (mulaw.byteLength > 0) this.#send(formatMedia(this.streamSid, mulaw));
  }

  sendMark(name: string): void {
    this.#send(formatMark(this.streamSid, name));
  }

  clear(): void {
    this.#send(formatClear(this.streamSid));
  }

  close(): void {
    this.closeWith(1000);
  }

  /** Ends the stream with a close code; idempotent. */
  closeWith(code: number, reason = ''): void {
    if (this.#isClosed || this.#cancelGrace !== undefined) return;
    if (code <= 1001) this.#endExpected = true;
    this.#socket.close(code, reason);
    this.#cancelGrace = this.#clock.after(CLOSE_GRACE_MS, () => this.#socket.terminate());
  }

  /** Handles one message of the socket. */
  accept(message: Exclude<MediaMessage, { type: 'malformed' }>): void {
    switch (message.type) {
      case 'media': {
        const offsetMs = message.offsetMs ?? this.#nextOffsetMs;
        this.#nextOffsetMs = offsetMs + message.mulaw.byteLength / BYTES_PER_MS;
        this.#emit({ type: 'media', mulaw: message.mulaw, offsetMs });
        return;
      }
      case 'digit':
      case 'mark':
        this.#emit(message);
        return;
      case 'stop':
        this.#endExpected = true;
        this.#emit(message);
        return;
      case 'start':
      case 'ignored':
        return;
      default:
        message satisfies never;
    }
  }

  /** The socket has closed; emits `closed` as the last event. */
  acceptClose(code: number): void {
    if (this.#isClosed) return;
    this.#cancelGrace?.();
    this.#emit({ type: 'closed', code, wasExpected: this.#endExpected });
    this.#isClosed = true;
  }

  #emit(event: MediaStreamEvent): void {
    if (this.#isClosed) return;
    if (this.#listener === undefined) this.#early.add(event);
    else this.#listener(event);
  }

  #send(frame: string): void {
    if (this.#socket.readyState === OPEN) this.#socket.send(frame);
  }
}
