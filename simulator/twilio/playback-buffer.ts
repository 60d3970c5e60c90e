import { FRAME_BYTES, MULAW_SILENCE } from '../../src/audio/frame.ts';

/** 20 ms as the caller hears them. */
export interface PlayedFrame {
  /** Always a whole frame, filled up with silence. Valid until the next call. */
  readonly mulaw: Uint8Array;
  readonly playedBytes: number;
  /** Marks that were reached: everything queued before them has been played. */
  readonly marks: readonly string[];
}

const NO_MARKS: readonly string[] = [];

/** The carrier's queue of audio for the caller: played in real time, with marks at positions in it. */
export class PlaybackBuffer {
  #audio: Uint8Array[] = [];
  #firstOffset = 0;
  #queuedBytes = 0;
  #playedBytes = 0;
  #marks: { readonly name: string; readonly atByte: number }[] = [];
  readonly #frame = new Uint8Array(FRAME_BYTES);

  /** Bytes that are still to be played. */
  get pendingBytes(): number {
    return this.#queuedBytes - this.#playedBytes;
  }

  get playedBytes(): number {
    return this.#playedBytes;
  }

  queue(mulaw: Uint8Array): void {
    if (mulaw.length === 0) return;
    this.#audio.push(mulaw);
    this.#queuedBytes += mulaw.length;
  }

  /** True: nothing is queued, so the mark is reached at once. Else a later `play` or `clear` brings it. */
  mark(name: string): boolean {
    if (this.pendingBytes === 0) return true;
    this.#marks.push({ name, atByte: this.#queuedBytes });
    return false;
  }

  /** Drops all that is not played; the outstanding marks come back, as if they had been reached. */
  clear(): { readonly marks: readonly string[]; readonly droppedBytes: number } {
    const marks = this.#marks.map((mark) => mark.name);
    const droppedBytes = this.pendingBytes;
    this.#audio = [];
    this.#firstOffset = 0;
    this.#marks = [];
    this.#queuedBytes = this.#playedBytes;
    return { marks, droppedBytes };
  }

  /** The next 20 ms. */
  play(): PlayedFrame {
    let filled = 0;
    while (filled < FRAME_BYTES && this.#audio.length > 0) {
      const first = this.#audio[0]!;
      const take = Math.min(FRAME_BYTES - filled, first.length - this.#firstOffset);
      this.#frame.set(first.subarray(this.#firstOffset, this.#firstOffset + take), filled);
      filled += take;
      this.#firstOffset += take;
      if (this.#firstOffset < first.length) continue;
      this.#audio.shift();
      this.#firstOffset = 0;
    }
    this.#frame.fill(MULAW_SILENCE, filled);
    this.#playedBytes += filled;
    return { mulaw: this.#frame, playedBytes: filled, marks: this.#takeReachedMarks() };
  }

  #takeReachedMarks(): readonly string[] {
    if (this.#marks.length === 0 || this.#marks[0]!.atByte > this.#playedBytes) return NO_MARKS;
    const count = this.#marks.findIndex((mark) => mark.atByte > this.#playedBytes);
    return this.#marks.splice(0, count === -1 ? this.#marks.length : count).map((mark) => mark.name);
  }
}
