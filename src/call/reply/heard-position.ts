import { BYTES_PER_MS } from '../../audio/frame.ts';

/** An instant at which the carrier's playback position was known. */
interface Anchor {
  readonly bytes: number;
  readonly atMs: number;
  /** `send`: audio went to an empty queue. `mark`: the carrier reported it, one downlink ago. */
  readonly kind: 'send' | 'mark';
}

/**
 * How far the caller has heard one reply: bytes from its first sample, estimated from what was sent, what the carrier
 * acknowledged and the time since. It corrects for the round trip: the carrier has played a mark one downlink before
 * the server sees it, and continues to play for one uplink after the server has sent `clear`.
 */
export class HeardPosition {
  #sentBytes = 0;
  #ackedBytes = 0;
  #anchor: Anchor | undefined;
  /** Start of the audio that was last sent to an empty queue. */
  #runStartBytes = 0;

  get sentBytes(): number {
    return this.#sentBytes;
  }

  get ackedBytes(): number {
    return this.#ackedBytes;
  }

  /**
   * Accounts for audio about to be sent; true if it will reach an empty queue at the carrier, so that a new run begins.
   * Audio sent now arrives when a `clear` sent now would, so both use the same estimate.
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

  /** A mark of the current generation came back. One behind the latest carries no information. */
  acknowledge(bytes: number, nowMs: number, roundTripMs: number): void {
    if (bytes > this.#sentBytes || bytes < this.#ackedBytes) return;
    this.#ackedBytes = bytes;
    const mark: Anchor = { bytes, atMs: nowMs, kind: 'mark' };
    // After a mark of the previous run the queue ran empty, so the time since was not all playback. Such a mark counts
    // only if it shows that the queue had not run empty.
    const before = bytes <= this.#runStartBytes ? this.#anchor : undefined;
    const playedBytes = this.#playedBytes(mark, nowMs, roundTripMs);
    if (before !== undefined && this.#playedBytes(before, nowMs, roundTripMs) <= playedBytes) return;
    this.#anchor = mark;
  }

  /** Bytes that the caller will have heard when a `clear` sent now takes effect. */
  heardBytes(nowMs: number, roundTripMs: number): number {
    if (this.#anchor === undefined) return this.#ackedBytes;
    const played = this.#playedBytes(this.#anchor, nowMs, roundTripMs);
    return Math.min(Math.max(played, this.#ackedBytes), this.#sentBytes);
  }

  /** The carrier's queue was lost; everything from `bytes` on will be sent again. */
  rewind(bytes: number): void {
    this.#sentBytes = bytes;
    this.#ackedBytes = bytes;
    this.#runStartBytes = bytes;
    this.#anchor = undefined;
  }

  /** Playback position if unlimited audio had been sent. */
  #playedBytes({ bytes, atMs, kind }: Anchor, nowMs: number, roundTripMs: number): number {
    const playedMs = nowMs - atMs + (kind === 'mark' ? roundTripMs : 0);
    return bytes + Math.floor(playedMs * BYTES_PER_MS);
  }
}
