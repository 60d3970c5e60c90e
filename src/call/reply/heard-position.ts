import { BYTES_PER_MS } from '../../audio/frame.ts';

/** A moment at which the carrier's place in the audio was known. */
interface Anchor {
  readonly bytes: number;
  readonly atMs: number;
  /** `send`: audio went to an empty queue. `mark`: the carrier reported it, one downlink ago. */
  readonly kind: 'send' | 'mark';
}

/**
 * How far the caller has heard one reply: bytes from its first sample, estimated from what was sent, what the carrier
 * acknowledged and the time since. Pure accounting; the reasons are in the marks' round trip: the carrier had played
 * a mark one downlink before we saw it, and plays on for one uplink after we decide to clear.
 */
export class HeardPosition {
  #sentBytes = 0;
  #ackedBytes = 0;
  #anchor: Anchor | undefined;
  /** Where the audio begins that was sent to an empty queue last. */
  #runStartBytes = 0;

  get sentBytes(): number {
    return this.#sentBytes;
  }

  get ackedBytes(): number {
    return this.#ackedBytes;
  }

  /**
   * Accounts for audio about to be sent; true when it will find the carrier's queue empty, so that a new run begins.
   * What is sent now arrives with a `clear` sent now: the question is the same as what has been heard by then.
   */
  send(bytes: number, nowMs: number, roundTripMs: number): boolean {
    const isRunStart =
      this.#anchor === undefined || this.#playedBytes(this.#anchor, nowMs, roundTripMs) >= this.#sentBytes;
    if (isRunStart) {
      this.#anchor = { bytes: this.#sentBytes, atMs: nowMs, kind: 'send' };
      this.#runStartBytes = this.#sentBytes;
    }
    this.#sentBytes += bytes;
    return isRunStart;
  }

  /** A living mark came back. Marks behind the latest say nothing new. */
  acknowledge(bytes: number, nowMs: number, roundTripMs: number): void {
    if (bytes > this.#sentBytes || bytes < this.#ackedBytes) return;
    this.#ackedBytes = bytes;
    const mark: Anchor = { bytes, atMs: nowMs, kind: 'mark' };
    // A mark of the run before: the queue ran dry after it, so that the time since it is not all playing. It counts
    // only where it shows that the queue had not run dry after all.
    const before = bytes <= this.#runStartBytes ? this.#anchor : undefined;
    const playedBytes = this.#playedBytes(mark, nowMs, roundTripMs);
    if (before !== undefined && this.#playedBytes(before, nowMs, roundTripMs) <= playedBytes) return;
    this.#anchor = mark;
  }

  /** What will have reached the ear when a `clear` sent now takes effect. */
  heardBytes(nowMs: number, roundTripMs: number): number {
    if (this.#anchor === undefined) return this.#ackedBytes;
    const played = this.#playedBytes(this.#anchor, nowMs, roundTripMs);
    return Math.min(Math.max(played, this.#ackedBytes), this.#sentBytes);
  }

  /** The carrier's queue is lost, and everything from `bytes` on will be sent again. */
  rewind(bytes: number): void {
    this.#sentBytes = bytes;
    this.#ackedBytes = bytes;
    this.#runStartBytes = bytes;
    this.#anchor = undefined;
  }

  /** As if audio without end had been sent. */
  #playedBytes({ bytes, atMs, kind }: Anchor, nowMs: number, roundTripMs: number): number {
    const playedMs = nowMs - atMs + (kind === 'mark' ? roundTripMs : 0);
    return bytes + Math.floor(playedMs * BYTES_PER_MS);
  }
}
