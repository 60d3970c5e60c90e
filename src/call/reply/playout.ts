import { BYTES_PER_MS, bytesToMs } from '../../audio/frame.ts';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import { AudioQueue } from './audio-queue.ts';
import { ClockMap, type MediaMs } from '../clocks.ts';
import type { CarrierLink } from './carrier-link.ts';
import { HeardPosition } from './heard-position.ts';
import type { PlayoutClock, PlayoutMember } from './playout-clock.ts';

/** Maximum audio buffered at the carrier: small enough for interruptions, large enough for a late tick. */
const LEAD_BYTES = 300 * BYTES_PER_MS;
/** Sent immediately when the carrier's queue is empty. */
const FIRST_LEAD_BYTES = 200 * BYTES_PER_MS;
/** Below this, arriving audio is sent at once, because the next tick might come too late. */
const STARVING_BYTES = 100 * BYTES_PER_MS;
/** Minimum size of a message, except for the last. */
const MIN_PIECE_BYTES = 40 * BYTES_PER_MS;
const MARK_EVERY_BYTES = 200 * BYTES_PER_MS;
/** How long after its expected time a missing last mark is waited for [L20]. */
const END_GRACE_MS = 2_000;

export interface PlayoutDeps {
  readonly clock: Clock;
  readonly playoutClock: PlayoutClock;
  readonly link: CarrierLink;
}

export interface PlayoutListener {
  /** The first audio has gone to the carrier. */
  onAudible(): void;
  /** More audio has gone to the carrier. */
  onProgress(): void;
  /** Everything was played, or the deadline for that has passed. Called once, last, and not after `close()`. */
  onPlayedOut(): void;
}

export type PlayoutState = 'playing' | 'paused' | 'closed';

/**
 * Plays one reply's audio. It keeps a small lead at the carrier and all unheard audio here, and can pause and resume at
 * the first unheard sample. It is driven by arriving audio and its own clock, never by inbound frames [L11].
 */
export class Playout implements PlayoutMember {
  readonly #deps: PlayoutDeps;
  readonly #listener: PlayoutListener;
  readonly #queue = new AudioQueue();
  readonly #position = new HeardPosition();
  /** When each byte is played; a reply that waits or is paused has several runs. */
  readonly #runs = new ClockMap<number, MediaMs>(1 / BYTES_PER_MS);
  #state: PlayoutState = 'playing';
  #generation: number;
  /** True if all audio has been appended. */
  #isWhole = false;
  #isAudible = false;
  #markedBytes = 0;
  #cancelDeadline: CancelTimer | undefined;

  constructor(deps: PlayoutDeps, listener: PlayoutListener) {
    this.#deps = deps;
    this.#listener = listener;
    this.#generation = deps.link.nextGeneration();
  }

  get state(): PlayoutState {
    return this.#state;
  }

  /** Position after the last byte of audio appended. */
  get endBytes(): number {
    return this.#queue.endBytes;
  }

  get unsentBytes(): number {
    return this.#queue.endBytes - this.#position.sentBytes;
  }

  heardBytes(): number {
    if (this.#state !== 'playing') return this.#position.ackedBytes;
    return this.#position.heardBytes(this.#deps.clock.nowMs(), this.#deps.link.roundTripMs);
  }

  /** When this byte is played, or would be if it followed what was sent; undefined before anything was sent. */
  offsetMsOf(bytes: number): MediaMs | undefined {
    return this.#runs.isEmpty ? undefined : this.#runs.at(bytes);
  }

  append(mulaw: Uint8Array): void {
    if (this.#state === 'closed' || this.#isWhole) return;
    this.#queue.append(mulaw);
    if (this.#state === 'playing') this.#sendAtOnce();
  }

  /** No more audio will come. */
  end(): void {
    if (this.#state === 'closed' || this.#isWhole) return;
    this.#isWhole = true;
    if (this.#state === 'playing') this.#afterSending(this.#deps.clock.nowMs());
  }

  /** Drops the tail from `bytes` on, as far as it has not been sent; returns where the audio now ends. */
  truncate(bytes: number): number {
    this.#queue.truncate(Math.max(bytes, this.#position.sentBytes));
    return this.#queue.endBytes;
  }

  /**
   * Clears the carrier and keeps what is unheard. No effect before the first sound, nor after the last has been played.
   */
  pause(): void {
    if (this.#state !== 'playing' || !this.#isAudible || this.#isHeardOut()) return;
    this.#stopAtEar();
    this.#state = 'paused';
  }

  resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'playing';
    this.#generation = this.#deps.link.nextGeneration();
    this.#sendAtOnce();
  }

  /** Clears the carrier and ends the playout. */
  close(): void {
    if (this.#state === 'closed') return;
    if (this.#state === 'playing') this.#stopAtEar();
    this.#state = 'closed';
    this.#queue.clear();
  }

  /** Sends what is unheard again on a new stream, because the queue of the old one is lost. */
  restartOnNewStream(): void {
    if (this.#state !== 'playing') return;
    if (this.#isAudible && !this.#isHeardOut()) this.#stopAtEar();
    this.#sendAtOnce();
  }

  /** Ignores a mark of another generation, which was cleared together with its audio. */
  onMark(generation: number, bytes: number): void {
    if (this.#state !== 'playing' || generation !== this.#generation) return;
    this.#position.acknowledge(bytes, this.#deps.clock.nowMs(), this.#deps.link.roundTripMs);
    this.#queue.forgetBefore(this.#position.ackedBytes);
    if (this.#isWhole && this.#position.ackedBytes >= this.#queue.endBytes) this.#finish();
  }

  onPlayoutTick(nowMs: number): void {
    const roomBytes = LEAD_BYTES - this.#leadBytes(nowMs);
    if (roomBytes >= Math.min(MIN_PIECE_BYTES, this.unsentBytes)) this.#send(roomBytes, nowMs);
    this.#listener.onProgress();
  }

  #sendAtOnce(): void {
    const nowMs = this.#deps.clock.nowMs();
    const leadBytes = this.#leadBytes(nowMs);
    if (leadBytes < STARVING_BYTES) this.#send(FIRST_LEAD_BYTES - leadBytes, nowMs);
    else this.#joinClock();
  }

  #leadBytes(nowMs: number): number {
    return this.#position.sentBytes - this.#position.heardBytes(nowMs, this.#deps.link.roundTripMs);
  }

  #send(maxBytes: number, nowMs: number): void {
    const { link } = this.#deps;
    const fromBytes = this.#position.sentBytes;
    const toBytes = Math.min(this.#queue.endBytes, fromBytes + maxBytes);
    if (toBytes > fromBytes && link.isOpen && !link.isCongested) {
      if (this.#position.send(toBytes - fromBytes, nowMs, link.roundTripMs)) {
        this.#runs.add(fromBytes, link.playOffsetMs);
        link.probe();
      }
      link.send(this.#queue.slice(fromBytes, toBytes), this.#runs.at(fromBytes));
      if (toBytes - this.#markedBytes >= MARK_EVERY_BYTES) this.#mark();
    }
    this.#afterSending(nowMs);
    if (!this.#isAudible && this.#position.sentBytes > 0) {
      this.#isAudible = true;
      this.#listener.onAudible();
    }
  }

  #afterSending(nowMs: number): void {
    if (this.unsentBytes > 0) {
      this.#joinClock();
      return;
    }
    this.#deps.playoutClock.leave(this);
    if (this.#isWhole) this.#awaitEnd(nowMs);
  }

  #joinClock(): void {
    if (this.unsentBytes > 0 && this.#deps.link.isOpen) this.#deps.playoutClock.join(this);
  }

  #awaitEnd(nowMs: number): void {
    if (this.#position.ackedBytes >= this.#queue.endBytes) {
      this.#finish();
      return;
    }
    if (this.#markedBytes < this.#position.sentBytes) this.#mark();
    this.#cancelDeadline ??= this.#deps.clock.after(bytesToMs(this.#leadBytes(nowMs)) + END_GRACE_MS, () =>
      this.#finish(),
    );
  }

  #mark(): void {
    this.#markedBytes = this.#position.sentBytes;
    this.#deps.link.mark(this.#generation, this.#markedBytes);
  }

  #isHeardOut(): boolean {
    return this.#isWhole && this.heardBytes() >= this.#queue.endBytes;
  }

  /**
   * The order matters: what was heard is computed first, then a new generation invalidates all marks, then `clear` is
   * sent.
   */
  #stopAtEar(): void {
    const { link } = this.#deps;
    const heardBytes = this.heardBytes();
    this.#generation = link.nextGeneration();
    if (this.#position.sentBytes > this.#position.ackedBytes)
      link.clear(this.offsetMsOf(heardBytes) ?? link.playOffsetMs);
    this.#position.rewind(heardBytes);
    this.#queue.forgetBefore(heardBytes);
    this.#markedBytes = heardBytes;
    this.#release();
  }

  #finish(): void {
    this.#position.rewind(this.#queue.endBytes);
    this.#state = 'closed';
    this.#release();
    this.#queue.clear();
    this.#listener.onPlayedOut();
  }

  #release(): void {
    this.#deps.playoutClock.leave(this);
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
  }
}
