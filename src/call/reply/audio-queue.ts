/**
 * The audio of one reply in one contiguous buffer, addressed by position from the reply's first sample. What has been
 * heard is dropped when the buffer has to grow, so that memory is bounded by what may still be sent.
 */
export class AudioQueue {
  #buffer = Buffer.alloc(0);
  /** Position of the buffer's first byte. */
  #baseBytes = 0;
  #endBytes = 0;
  #keepFromBytes = 0;

  /** Position after the last byte. */
  get endBytes(): number {
    return this.#endBytes;
  }

  append(mulaw: Uint8Array): void {
    const needed = this.#endBytes - this.#baseBytes + mulaw.length;
    if (needed > this.#buffer.length) this.#makeRoom(mulaw.length);
    this.#buffer.set(mulaw, this.#endBytes - this.#baseBytes);
    this.#endBytes += mulaw.length;
  }

  /** A view that stays valid, because bytes are never moved or overwritten except in a truncated tail. */
  slice(fromBytes: number, toBytes: number): Uint8Array {
    return this.#buffer.subarray(fromBytes - this.#baseBytes, toBytes - this.#baseBytes);
  }

  /** Allows bytes before this position to be dropped. */
  forgetBefore(bytes: number): void {
    this.#keepFromBytes = Math.max(this.#keepFromBytes, Math.min(bytes, this.#endBytes));
  }

  /** Drops the tail. */
  truncate(endBytes: number): void {
    this.#endBytes = Math.max(Math.min(endBytes, this.#endBytes), this.#keepFromBytes);
  }

  /** Frees the memory; positions stay. */
  clear(): void {
    this.#keepFromBytes = this.#endBytes;
    this.#baseBytes = this.#endBytes;
    this.#buffer = Buffer.alloc(0);
  }

  #makeRoom(bytes: number): void {
    const unheard = this.slice(this.#keepFromBytes, this.#endBytes);
    const larger = Buffer.allocUnsafeSlow(Math.max(8_192, Math.ceil((unheard.length + bytes) * 1.5)));
    larger.set(unheard);
    this.#buffer = larger;
    this.#baseBytes = this.#keepFromBytes;
  }
}
