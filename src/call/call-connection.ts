import type { TransferTarget } from '../business/line/agents/agents.ts';
import type { EndedReason } from '../business/record/calls/calls.ts';
import type { CancelTimer, Clock } from '../platform/process/clock.ts';
import type { CallState } from './call-state.ts';
import { mediaMs, type MediaMs } from './clocks.ts';
import type { MediaStream, MediaStreamEvent } from './transport/transport.ts';

/** How long the carrier may take from the answer of its webhook to its media stream. */
const STREAM_DEADLINE_MS = 30_000;
/** How long a broken stream may take to come back before the call counts as lost [F9]. */
const REATTACH_DEADLINE_MS = 2_000;
/** How often in a row the carrier is instructed to open a stream without doing so. */
const MAX_STREAMS_AWAITED = 3;
/** No frames for this long on an open stream: the carrier sends nothing [F10]. */
const IDLE_DEADLINE_MS = 5_000;
/** After this long without frames the stream is closed even if the carrier reports the call as live. */
const IDLE_LIMIT_MS = 30_000;
/** The maximum duration of a call at the carrier (4 h), with a margin. */
const TRANSFER_DEADLINE_MS = 4 * 3_600_000 + 300_000;

export type ConnectionEvent =
  | {
      readonly type: 'stream-opened';
      readonly stream: MediaStream;
      readonly generation: number;
      /** The phase before the call closed. */
      readonly after: 'ringing' | 'live' | 'detached' | 'transferring';
    }
  | { readonly type: 'media'; readonly mulaw: Uint8Array; readonly offsetMs: MediaMs }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'stream-broken' }
  /** The call cannot continue. Emitted once, as the last event, and not after `close()`. */
  | { readonly type: 'closed'; readonly reason: EndedReason };

export interface CallConnectionDeps {
  readonly clock: Clock;
  /** Asks the carrier whether the call is still live, when no frames come. */
  readonly isLiveAtCarrier: () => Promise<boolean>;
  readonly emit: (event: ConnectionEvent) => void;
}

/**
 * The call's connection to the carrier across all its streams, with one timer for the deadline of the current phase.
 */
export class CallConnection {
  readonly #deps: CallConnectionDeps;
  #state: CallState = { phase: 'ringing' };
  #cancelTimer: CancelTimer | undefined;
  #mediaStartAtMs: number | undefined;
  /** Position on the call's media clock at which the timestamps of the current stream begin. */
  #streamStartOffsetMs = mediaMs(0);
  #lastFrameAtMs = 0;
  /** Streams requested from the carrier since it last opened one. */
  #streamsAwaited = 0;

  constructor(deps: CallConnectionDeps) {
    this.#deps = deps;
    this.#armTimer(STREAM_DEADLINE_MS, 'never-connected');
  }

  get state(): CallState {
    return this.#state;
  }

  /** Position on the call's media clock: 0 is the moment its first stream opened. */
  offsetMs(): MediaMs {
    return mediaMs(this.#mediaStartAtMs === undefined ? 0 : this.#deps.clock.nowMs() - this.#mediaStartAtMs);
  }

  /** The monotonic instant of a position on the call's media clock. */
  instantOf(offsetMs: MediaMs): number | undefined {
    return this.#mediaStartAtMs === undefined ? undefined : this.#mediaStartAtMs + offsetMs;
  }

  /** Attaches a media stream of this call. An earlier one is replaced, so that there is never more than one [L21]. */
  attach(stream: MediaStream): void {
    const before = this.#state;
    if (before.phase === 'closed') {
      stream.close();
      return;
    }
    const generation = before.phase === 'ringing' ? 1 : before.generation + 1;
    this.#mediaStartAtMs ??= this.#deps.clock.nowMs();
    this.#streamStartOffsetMs = this.offsetMs();
    this.#state = { phase: 'live', stream, generation };
    if (before.phase === 'live') before.stream.close();
    this.#lastFrameAtMs = this.#deps.clock.nowMs();
    this.#streamsAwaited = 0;
    this.#armIdleTimer(stream, IDLE_DEADLINE_MS);
    this.#deps.emit({ type: 'stream-opened', stream, generation, after: before.phase });
    stream.listen((event) => this.#onStreamEvent(stream, event));
  }

  /**
   * Whether the carrier, which asks for instructions, shall open another stream. False ends the call: a carrier that
   * asks repeatedly without opening one cannot reach the server, and would ask indefinitely.
   */
  awaitStream(): boolean {
    this.#streamsAwaited += 1;
    if (this.#state.phase === 'closed' || this.#streamsAwaited > MAX_STREAMS_AWAITED) return false;
    this.#armTimer(STREAM_DEADLINE_MS, 'transport-lost');
    return true;
  }

  /** Closes the stream, which makes the carrier ask for instructions; the answer is to dial the target. */
  transferTo(target: TransferTarget): void {
    if (this.#state.phase !== 'live') return;
    const { stream, generation } = this.#state;
    this.#state = { phase: 'transferring', generation, target };
    stream.close();
    this.#armTimer(TRANSFER_DEADLINE_MS, 'transport-lost');
  }

  close(reason: EndedReason): void {
    const before = this.#state;
    if (before.phase === 'closed') return;
    this.#state = { phase: 'closed', reason };
    this.#cancelTimer?.();
    if (before.phase === 'live') before.stream.close();
  }

  #lose(reason: EndedReason): void {
    this.close(reason);
    this.#deps.emit({ type: 'closed', reason });
  }

  #onStreamEvent(stream: MediaStream, event: MediaStreamEvent): void {
    if (this.#state.phase !== 'live' || this.#state.stream !== stream) return;
    switch (event.type) {
      case 'media':
        this.#lastFrameAtMs = this.#deps.clock.nowMs();
        this.#deps.emit({
          type: 'media',
          mulaw: event.mulaw,
          offsetMs: mediaMs(this.#streamStartOffsetMs + event.offsetMs),
        });
        return;
      case 'mark':
      case 'digit':
        this.#deps.emit(event);
        return;
      case 'stop':
        this.#lose('caller-hung-up');
        return;
      case 'closed':
        // The stream broke without a `stop`: the carrier asks for instructions and may open another stream.
        this.#state = { phase: 'detached', generation: this.#state.generation };
        this.#armTimer(REATTACH_DEADLINE_MS, 'transport-lost');
        this.#deps.emit({ type: 'stream-broken' });
        return;
      default:
        event satisfies never;
    }
  }

  #armTimer(delayMs: number, reason: EndedReason): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#deps.clock.after(delayMs, () => this.#lose(reason));
  }

  #armIdleTimer(stream: MediaStream, delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#deps.clock.after(delayMs, () => {
      const quietMs = this.#deps.clock.nowMs() - this.#lastFrameAtMs;
      if (quietMs < IDLE_DEADLINE_MS) this.#armIdleTimer(stream, IDLE_DEADLINE_MS - quietMs);
      else void this.#checkAtCarrier(stream);
    });
  }

  /** A stream without frames is kept while its call is live at the carrier, and closed otherwise [F10]. */
  async #checkAtCarrier(stream: MediaStream): Promise<void> {
    const isLive = await this.#deps.isLiveAtCarrier().catch(() => false);
    if (this.#state.phase !== 'live' || this.#state.stream !== stream) return;
    const quietMs = this.#deps.clock.nowMs() - this.#lastFrameAtMs;
    if (quietMs < IDLE_DEADLINE_MS || (isLive && quietMs < IDLE_LIMIT_MS)) {
      this.#armIdleTimer(stream, IDLE_DEADLINE_MS);
    } else {
      this.#lose('transport-idle');
    }
  }
}
