import { bytesToMs, msToBytes } from '../../audio/frame.ts';

const MAX_BYTES = msToBytes(5_000);

/** Audio that came before the recogniser was ready: the newest 5 s of it [L1]. */
export class PreRoll {
  #frames: Uint8Array[] = [];
  #keptBytes = 0;
  #droppedBytes = 0;

  add(mulaw: Uint8Array): void {
    this.#frames.push(mulaw);
    this.#keptBytes += mulaw.byteLength;
    while (this.#keptBytes > MAX_BYTES) {
      const oldest = this.#frames.shift()!;
      this.#keptBytes -= oldest.byteLength;
      this.#droppedBytes += oldest.byteLength;
    }
  }

  /** How much audio the recogniser will never see. */
  get droppedMs(): number {
    return bytesToMs(this.#droppedBytes);
  }

  takeAll(): readonly Uint8Array[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#keptBytes = 0;
    return frames;
  }
}
