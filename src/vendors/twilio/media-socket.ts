import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { MediaStream } from '../../call/transport/transport.ts';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import type { StreamSid } from '../../business/tenancy/ids/ids.ts';
import { MalformedBudget } from './malformed-budget.ts';
import { parseMediaMessage, type MediaMessage } from './media-message.ts';
import { TwilioMediaStream } from './media-stream.ts';
import type { StreamTokens } from './stream-token.ts';
import { STREAM_TOKEN_PARAMETER } from './twiml.ts';

/** Twilio sends `connected` and `start` right after the handshake; a client that takes longer is not Twilio [F24]. */
const START_TIMEOUT_MS = 5_000;
const CLOSE_GRACE_MS = 1_000;

/** Plain numbers, read when metrics are collected. */
export interface MediaCounters {
  upgradesRefused: number;
  streamsRefused: number;
  streamsAccepted: number;
  malformedFrames: number;
}

interface MediaSocketOptions {
  readonly tokens: StreamTokens;
  readonly clock: Clock;
  readonly logger?: Pick<Logger, 'debug' | 'warn'>;
  readonly counters: MediaCounters;
  readonly onStream: (stream: MediaStream) => void;
  /** Called exactly once, when `start` was accepted or the socket has closed before it. */
  readonly onDecided: () => void;
  readonly onClosed: () => void;
}

type State =
  | { readonly phase: 'waiting-for-start'; readonly cancelTimeout: CancelTimer }
  | { readonly phase: 'streaming'; readonly stream: TwilioMediaStream }
  | { readonly phase: 'refused'; readonly cancelGrace: CancelTimer };

/** Reads one accepted WebSocket: checks its `start`, then passes messages to its stream. */
export class MediaSocket {
  readonly #socket: WebSocket;
  readonly #options: MediaSocketOptions;
  readonly #budget: MalformedBudget;
  #state: State;

  constructor(socket: WebSocket, options: MediaSocketOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#budget = new MalformedBudget(options.clock);
    const cancelTimeout = options.clock.after(START_TIMEOUT_MS, () => this.#refuse('no start in time'));
    this.#state = { phase: 'waiting-for-start', cancelTimeout };
    socket.on('message', (data, isBinary) => this.#onMessage(data as Buffer, isBinary));
    // The `close` event that follows has the reason, for instance 1009 for a frame that is too large.
    socket.on('error', (error) =>
      options.logger?.debug({ event: 'media-socket-error', error: error.message }),
    );
    socket.on('close', (code) => this.#onClose(code));
  }

  close(code: number, reason: string): void {
    if (this.#state.phase === 'streaming') this.#state.stream.closeWith(code, reason);
    else if (this.#state.phase === 'waiting-for-start') this.#end(code, reason);
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (this.#state.phase === 'refused') return;
    if (isBinary) {
      this.#onMalformed(1003);
      return;
    }
    const streamSid = this.#state.phase === 'streaming' ? this.#state.stream.streamSid : undefined;
    const message = parseMediaMessage(data.toString('utf8'), streamSid);
    if (message.type === 'malformed') this.#onMalformed(1008);
    else if (this.#state.phase === 'streaming') this.#state.stream.accept(message);
    else if (message.type === 'start') this.#onStart(message);
  }

  #onStart(start: Extract<MediaMessage, { type: 'start' }>): void {
    if (this.#state.phase !== 'waiting-for-start') return;
    if (start.encoding !== undefined && start.encoding !== 'audio/x-mulaw') {
      this.#refuse('encoding');
      return;
    }
    const judgement = this.#options.tokens.redeem(start.customParameters[STREAM_TOKEN_PARAMETER] ?? '');
    if (judgement.outcome === 'refused') {
      this.#refuse(`token ${judgement.reason}`);
      return;
    }
    if (judgement.callSid !== start.callSid) {
      this.#refuse('token of another call');
      return;
    }
    this.#state.cancelTimeout();
    const streamSid = start.streamSid as StreamSid;
    const stream = new TwilioMediaStream(
      this.#socket,
      { callSid: judgement.callSid, streamSid },
      this.#options.clock,
    );
    this.#state = { phase: 'streaming', stream };
    this.#options.counters.streamsAccepted += 1;
    this.#options.onDecided();
    this.#options.onStream(stream);
  }

  #onMalformed(closeCode: number): void {
    this.#options.counters.malformedFrames += 1;
    if (!this.#budget.spend()) return;
    this.#options.logger?.warn({ event: 'media-malformed' }, 'too many malformed media frames');
    this.close(closeCode, 'malformed');
  }

  #refuse(reason: string): void {
    this.#options.counters.streamsRefused += 1;
    this.#options.logger?.warn({ event: 'media-stream-refused', reason }, 'media stream refused');
    this.#end(1008, 'refused');
  }

  /** Closes a socket without a stream. */
  #end(code: number, reason: string): void {
    if (this.#state.phase !== 'waiting-for-start') return;
    this.#state.cancelTimeout();
    this.#socket.close(code, reason);
    const cancelGrace = this.#options.clock.after(CLOSE_GRACE_MS, () => this.#socket.terminate());
    this.#state = { phase: 'refused', cancelGrace };
  }

  #onClose(code: number): void {
    switch (this.#state.phase) {
      case 'streaming':
        this.#state.stream.acceptClose(code);
        break;
      case 'waiting-for-start':
        this.#state.cancelTimeout();
        this.#options.onDecided();
        break;
      case 'refused':
        this.#state.cancelGrace();
        this.#options.onDecided();
        break;
      default:
        this.#state satisfies never;
    }
    this.#options.onClosed();
  }
}
