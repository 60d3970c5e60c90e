import { position, type Position } from '../clocks.ts';

/** A ring buffer of the last bytes of a stream; positions count from the first byte of the stream. */
export class AudioRing {
  readonly #bytes: Uint8Array;
  #endPosition = 0;

  constructor(capacityBytes: number) {
    this.#bytes = new Uint8Array(capacityBytes);
  }

  get startPosition(): Position {
    return position(Math.max(0, this.#endPosition - this.#bytes.length));
  }

  get endPosition(): Position {
    return position(this.#endPosition);
  }

  append(bytes: Uint8Array): void {
    const capacity = this.#bytes.length;
    const newest = bytes.length > capacity ? bytes.subarray(bytes.length - capacity) : bytes;
    const at = (this.#endPosition + bytes.length - newest.length) % capacity;
    const untilWrap = Math.min(newest.length, capacity - at);
    this.#bytes.set(newest.subarray(0, untilWrap), at);
    this.#bytes.set(newest.subarray(untilWrap), 0);
    this.#endPosition += bytes.length;
  }

  /** A copy of the bytes between two positions, without those already overwritten. */
  read(fromPosition: Position, toPosition: Position): Uint8Array {
    const from = Math.max(fromPosition, this.startPosition);
    const to = Math.min(toPosition, this.#endPosition);
    // Node's pool avoids an array buffer for every frame, which would be most of the garbage of a call.
    const copy = Buffer.allocUnsafe(Math.max(0, to - from));
    const at = from % this.#bytes.length;
    const untilWrap = Math.min(copy.length, this.#bytes.length - at);
    copy.set(this.#bytes.subarray(at, at + untilWrap), 0);
    copy.set(this.#bytes.subarray(0, copy.length - untilWrap), untilWrap);
    return copy;
  }
}
