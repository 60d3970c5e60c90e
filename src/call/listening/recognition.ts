import { BYTES_PER_MS, bytesToMs, msToBytes } from '../../audio/frame.ts';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import { VendorError } from '../../platform/process/errors.ts';
import { ClockMap, position, streamMs, type Position, type StreamMs } from '../clocks.ts';
import type { AudioRing } from './audio-ring.ts';
import type {
  SpeechToText,
  SpeechToTextEvent,
  SpeechToTextOptions,
  SpeechToTextStream,
} from './speech-to-text.ts';

/** Vendors accept at most about 1.25 times real time over longer periods, and a burst after a reconnect or a stall. */
const CATCH_UP_RATE = 1.25;
const BURST_MS = 2_000;
/** The size that vendors recommend, and small enough that a replay does not delay other calls. */
const PIECE_BYTES = msToBytes(80);

export interface RecognitionDeps {
  readonly speechToText: SpeechToText;
  readonly options: SpeechToTextOptions;
  readonly clock: Clock;
  readonly ring: AudioRing;
  /** Position in the caller's audio at which to begin. */
  readonly fromPosition: Position;
  /** Deadline for the vendor to accept the configuration. */
  readonly readyWithinMs: number;
  readonly onEvent: (event: Exclude<SpeechToTextEvent, { type: 'closed' }>) => void;
  /** The stream has closed or failed. Called once, and not after `close`. */
  readonly onClosed: (reason: { readonly detail: string; readonly isRetryable: boolean }) => void;
}

/**
 * One stream to one recogniser, fed from the ring buffer from a given position on: nothing before it is ready, then the
 * backlog at no more than the vendor's rate, then each frame as it comes.
 */
export class Recognition {
  readonly vendor: string;
  readonly #deps: RecognitionDeps;
  /** Undefined while it is being opened, because a vendor may emit events before `open` returns. */
  #stream: SpeechToTextStream | undefined;
  readonly #positions = new ClockMap<StreamMs, Position>(BYTES_PER_MS);
  readonly #cancelReadyTimer: CancelTimer;
  #cursor: Position;
  #sentBytes = 0;
  #state: 'connecting' | 'ready' | 'closed' = 'connecting';
  #allowanceBytes = msToBytes(BURST_MS);
  #allowanceAtMs: number;

  constructor(deps: RecognitionDeps) {
    this.#deps = deps;
    this.vendor = deps.speechToText.vendor;
    this.#cursor = deps.fromPosition;
    this.#positions.add(streamMs(0), deps.fromPosition);
    this.#allowanceAtMs = deps.clock.nowMs();
    this.#cancelReadyTimer = deps.clock.after(deps.readyWithinMs, () =>
      this.#lose({ detail: 'not ready in time', isRetryable: true }),
    );
    this.#stream = deps.speechToText.open(deps.options, (event) => this.#onEvent(event));
    if (this.state === 'closed') this.#stream.close();
    else this.pump();
  }

  get state(): 'connecting' | 'ready' | 'closed' {
    return this.#state;
  }

  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** Position up to which audio has been sent. */
  get cursor(): Position {
    return this.#cursor;
  }

  positionAt(timeMs: StreamMs): Position {
    return position(Math.round(this.#positions.at(timeMs)));
  }

  /** Sends as much as the rate allows; called whenever there is new audio. */
  pump(): void {
    if (this.#state !== 'ready' || this.#stream === undefined) return;
    const { ring } = this.#deps;
    if (this.#cursor < ring.startPosition) this.#skipTo(ring.startPosition);
    this.#renewAllowance();
    while (this.#cursor < ring.endPosition && this.#allowanceBytes > 0) {
      const piece = ring.read(this.#cursor, position(this.#cursor + PIECE_BYTES));
      this.#cursor = position(this.#cursor + piece.length);
      this.#sentBytes += piece.length;
      this.#allowanceBytes -= piece.length;
      this.#stream.send(piece);
    }
  }

  configure(thresholds: Parameters<SpeechToTextStream['configure']>[0]): void {
    if (this.#state !== 'closed') this.#stream?.configure(thresholds);
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#cancelReadyTimer();
    this.#stream?.close();
  }

  /** Skips audio that the ring buffer has overwritten; the clock of this stream falls behind by that much. */
  #skipTo(cursor: Position): void {
    this.#cursor = cursor;
    this.#positions.add(streamMs(bytesToMs(this.#sentBytes)), cursor);
  }

  #renewAllowance(): void {
    const nowMs = this.#deps.clock.nowMs();
    const earnedBytes = (nowMs - this.#allowanceAtMs) * BYTES_PER_MS * CATCH_UP_RATE;
    this.#allowanceBytes = Math.min(msToBytes(BURST_MS), this.#allowanceBytes + earnedBytes);
    this.#allowanceAtMs = nowMs;
  }

  #onEvent(event: SpeechToTextEvent): void {
    if (this.#state === 'closed') return;
    if (event.type === 'closed') {
      const { error } = event;
      this.#lose({
        detail: error?.message ?? 'closed by the vendor',
        isRetryable: error instanceof VendorError ? error.isRetryable : true,
      });
      return;
    }
    if (event.type === 'ready') {
      this.#state = 'ready';
      this.#cancelReadyTimer();
    }
    this.#deps.onEvent(event);
    if (event.type === 'ready') this.pump();
  }

  #lose(reason: Parameters<RecognitionDeps['onClosed']>[0]): void {
    if (this.#state === 'closed') return;
    this.close();
    this.#deps.onClosed(reason);
  }
}
