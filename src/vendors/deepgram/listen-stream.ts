import { bytesToMs, FRAME_BYTES, FRAME_MS, MULAW_SILENCE } from '../../audio/frame.ts';
import type {
  RecognisedWord,
  SpeechToTextEvent,
  SpeechToTextStream,
} from '../../call/listening/listening.ts';
import type { CancelTimer } from '../../platform/process/clock.ts';
import { socketUrl, type VendorOptions } from '../vendor-options.ts';
import { VendorSocket } from '../vendor-socket.ts';
import { AudioTimeline } from './audio-timeline.ts';
import type { ListenProtocol, ProtocolStep, Thresholds, VendorWord } from './listen-protocol.ts';
import { deepgramRefusal } from './refusal.ts';

const CLOSE_STREAM = '{"type":"CloseStream"}';
const SILENT_FRAME = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE);

/** The socket of one recogniser: sends audio and emits events, with a protocol for each of the vendor's models. */
export class ListenStream implements SpeechToTextStream {
  readonly #vendor: VendorOptions;
  readonly #protocol: ListenProtocol;
  readonly #listener: (event: SpeechToTextEvent) => void;
  readonly #socket: VendorSocket;
  readonly #timeline = new AudioTimeline();
  #phase: 'connecting' | 'ready' | 'closing' | 'closed' = 'connecting';
  #hasSentAudio = false;
  #lastSentAtMs = 0;
  #cancelKeepAlive: CancelTimer | undefined;

  constructor(vendor: VendorOptions, protocol: ListenProtocol, listener: (event: SpeechToTextEvent) => void) {
    this.#vendor = vendor;
    this.#protocol = protocol;
    this.#listener = listener;
    this.#socket = new VendorSocket(
      {
        vendor: 'deepgram',
        url: socketUrl(vendor.baseUrl, protocol.path, protocol.query),
        headers: { authorization: `Token ${vendor.apiKey}` },
        secret: vendor.apiKey,
        refusal: deepgramRefusal,
        clock: vendor.clock,
      },
      {
        onOpen: () => this.#perform(protocol.opened()),
        onText: (text) => this.#onText(text),
        onClosed: (error) => {
          this.#phase = 'closed';
          this.#cancelKeepAlive?.();
          listener({ type: 'closed', error });
        },
      },
    );
  }

  send(mulaw: Uint8Array): void {
    // An empty binary frame ends the vendor's stream.
    if (mulaw.byteLength === 0 || this.#phase !== 'ready') return;
    this.#socket.send(mulaw);
    this.#timeline.sent(bytesToMs(mulaw.byteLength));
    this.#hasSentAudio = true;
    this.#lastSentAtMs = this.#vendor.clock.nowMs();
  }

  configure(thresholds: Thresholds): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return;
    this.#perform(this.#protocol.configure(thresholds, this.#vendor.clock.nowMs()));
  }

  close(): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return;
    this.#phase = 'closing';
    this.#cancelKeepAlive?.();
    this.#socket.close(CLOSE_STREAM);
  }

  #onText(text: string): void {
    const steps = this.#protocol.accept(parseJson(text), this.#vendor.clock.nowMs());
    if (steps === undefined) {
      this.#vendor.logger?.warn(
        { event: 'stt-message-ignored', vendor: 'deepgram' },
        'vendor message not parsed; ignored',
      );
    } else this.#perform(steps);
  }

  #perform(steps: readonly ProtocolStep[]): void {
    for (const step of steps) {
      // A listener may close the stream from inside an event.
      if (this.#phase === 'closing' || this.#phase === 'closed') return;
      if (step.type === 'send') this.#socket.send(step.message);
      else if (step.type === 'fail') this.#socket.fail(step.message, step);
      else if (step.type === 'ready') this.#onReady();
      else this.#listener(this.#onOurClock(step));
    }
  }

  #onReady(): void {
    if (this.#phase !== 'connecting') return;
    this.#phase = 'ready';
    this.#listener({ type: 'ready' });
    this.#lastSentAtMs = this.#vendor.clock.nowMs();
    this.#scheduleKeepAlive(this.#protocol.idle.keepAliveEveryMs);
  }

  /** Checks once per interval whether anything was sent, which avoids a timer per frame. */
  #scheduleKeepAlive(delayMs: number): void {
    this.#cancelKeepAlive = this.#vendor.clock.after(delayMs, () => {
      const intervalMs = this.#protocol.idle.keepAliveEveryMs;
      const idleMs = this.#vendor.clock.nowMs() - this.#lastSentAtMs;
      if (idleMs >= intervalMs) this.#keepAlive();
      this.#scheduleKeepAlive(idleMs >= intervalMs ? intervalMs : intervalMs - idleMs);
    });
  }

  #keepAlive(): void {
    this.#lastSentAtMs = this.#vendor.clock.nowMs();
    const message = this.#protocol.keepAliveMessage;
    // Messages alone do not keep a stream alive that has never received audio.
    if (message !== undefined && this.#hasSentAudio) {
      this.#socket.send(message);
      return;
    }
    this.#socket.send(SILENT_FRAME);
    this.#timeline.inserted(FRAME_MS);
    this.#hasSentAudio = true;
  }

  #onOurClock(
    event: Extract<ProtocolStep, { type: SpeechToTextEvent['type'] }>,
  ): Exclude<SpeechToTextEvent, { type: 'closed' }> {
    if (event.type === 'heartbeat') return { ...event, audioMs: this.#timeline.streamMsAt(event.audioMs) };
    if (event.type !== 'turn-ended') return event;
    return { ...event, words: event.words.map((word) => this.#wordOnOurClock(word)) };
  }

  #wordOnOurClock({ startMs, endMs, ...word }: VendorWord): RecognisedWord {
    return {
      ...word,
      ...(startMs === undefined ? {} : { startMs: this.#timeline.streamMsAt(startMs) }),
      ...(endMs === undefined ? {} : { endMs: this.#timeline.streamMsAt(endMs) }),
    };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
