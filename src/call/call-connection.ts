import type { TransferTarget } from '../business/line/agents/agents.ts';
import type { EndedReason } from '../business/record/calls/calls.ts';
import type { CancelTimer, Clock } from '../platform/process/clock.ts';
import type { CallState } from './call-state.ts';
import { mediaMs, type MediaMs } from './clocks.ts';
import type { MediaStream, MediaStreamEvent } from './transport/transport.ts';

/** How long a carrier may take from our answer to its media stream. */
const STREAM_DEADLINE_MS = 30_000;
/** How long a broken stream may take to come back before the call counts as lost [F9]. */
const REATTACH_DEADLINE_MS = 2_000;
/** How often in a row the carrier is told to open a stream, and does not. */
const MAX_STREAMS_AWAITED = 3;
/** No frames for this long on an open stream: the carrier sends nothing [F10]. */
const IDLE_DEADLINE_MS = 5_000;
/** Quiet for this long, the stream is given up even when the carrier says the call is live. */
const IDLE_LIMIT_MS = 30_000;
/** A caller may talk to a person for as long as the carrier lets a call last (4 h), and a little more. */
const TRANSFER_DEADLINE_MS = 4 * 3_600_000 + 300_000;

export type ConnectionEvent =
  | {
      readonly type: 'stream-opened';
      readonly stream: MediaStream;
      readonly generation: number;
      /** What the call was doing before. */
      readonly after: 'ringing' | 'live' | 'detached' | 'transferring';
    }
  | { readonly type: 'media'; readonly mulaw: Uint8Array; readonly offsetMs: MediaMs }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'stream-broken' }
  /** The call cannot go on: once and last, and not after `close()`. */
  | { readonly type: 'closed'; readonly reason: EndedReason };

export interface CallConnectionDeps {
  readonly clock: Clock;
  /** Asks the carrier whether the call is still going on, when no frames come. */
  readonly isLiveAtCarrier: () => Promise<boolean>;
  readonly emit: (event: ConnectionEvent) => void;
}

/** The call's line to the carrier through all its streams, with the one timer that watches over the present phase. */
export class CallConnection {
  readonly #deps: CallConnectionDeps;
  #state: CallState = { phase: 'ringing' };
  #cancelTimer: CancelTimer | undefined;
  #mediaStartAtMs: number | undefined;
  /** Where the present stream's own timestamps begin on the call's media clock. */
  #streamStartOffsetMs = mediaMs(0);
  #lastFrameAtMs = 0;
  /** Streams the carrier was told to open since one was last opened. */
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

  /** Takes a media stream of this call; one that is already there is replaced, never doubled [L21]. */
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
   * The carrier asks what to do: true when it shall open another stream. False ends it: a carrier that comes back
   * again and again without ever opening one cannot reach us, and would ask indefinitely.
   */
  awaitStream(): boolean {
    this.#streamsAwaited += 1;
    if (this.#state.phase === 'closed' || this.#streamsAwaited > MAX_STREAMS_AWAITED) return false;
    this.#armTimer(STREAM_DEADLINE_MS, 'transport-lost');
    return true;
  }

  /** Closing the stream makes the carrier ask what follows: it is told to dial the target. */
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
        // Broken without a `stop`: the carrier follows our instructions and may come back with another stream.
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

  /** A quiet stream of a live call is worth waiting for; that of a finished one is not [F10]. */
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
