import { BYTES_PER_MS, FRAME_BYTES, FRAME_MS } from '../../audio/frame.ts';
import { decodeMulawByte } from '../../audio/mulaw.ts';
import type { MediaMs } from '../clocks.ts';

/** Maximum delay of an echo through loudspeaker, room and both networks. */
const LONGEST_WAY_MS = 500;
/**
 * Minimum loss of an echo. Telephones damp it by 20 dB and more; a caller is hardly ever that much quieter than the
 * agent, and is recognised by words in any case.
 */
const ECHO_LOSS_DB = 12;
/** 20 ms slots for the 300 ms sent ahead, the echo delay and the compared duration, with a margin. */
const SLOTS = 128;
const FULL_SCALE_SQUARED = 32_768 ** 2;

const squares = Float64Array.from({ length: 256 }, (_, code) => decodeMulawByte(code) ** 2);

/**
 * Level of the agent's audio at the caller's end, by position on the call's media clock. Used to tell the echo of a
 * speakerphone from a caller who speaks [F32].
 */
export class OwnVoice {
  /** Sum of the squared samples of each 20 ms; `#slotNumbers` tells which 20 ms it is. */
  readonly #energies = new Float64Array(SLOTS);
  readonly #slotNumbers = new Float64Array(SLOTS).fill(-1);

  /** Takes audio that was sent to the carrier, with the position at which it will be played. */
  played(mulaw: Uint8Array, offsetMs: MediaMs): void {
    const start = Math.round(offsetMs * BYTES_PER_MS);
    for (let at = 0; at < mulaw.length;) {
      const slotNumber = Math.floor((start + at) / FRAME_BYTES);
      const end = Math.min(mulaw.length, (slotNumber + 1) * FRAME_BYTES - start);
      let energy = 0;
      for (; at < end; at += 1) energy += squares[mulaw[at]!]!;
      this.#add(slotNumber, energy);
    }
  }

  /** Discards audio from this position on, which was cleared before it was played. */
  cleared(fromOffsetMs: MediaMs): void {
    const firstSlot = Math.ceil(fromOffsetMs / FRAME_MS);
    for (let slot = 0; slot < SLOTS; slot += 1) {
      if (this.#slotNumbers[slot]! >= firstSlot) this.#energies[slot] = 0;
    }
  }

  /** Whether sound of this level, in the `durationMs` before `offsetMs`, may be an echo of the agent. */
  explains(levelDb: number, offsetMs: MediaMs, durationMs: number): boolean {
    const lastSlot = Math.floor(offsetMs / FRAME_MS);
    const slots = Math.max(1, Math.round(durationMs / FRAME_MS));
    let loudest = 0;
    for (let way = 0; way * FRAME_MS <= LONGEST_WAY_MS; way += 1) {
      let energy = 0;
      for (let back = 0; back < slots; back += 1) energy += this.#energyOf(lastSlot - way - back);
      loudest = Math.max(loudest, energy);
    }
    const meanSquare = loudest / (slots * FRAME_BYTES);
    return 10 * Math.log10(meanSquare / FULL_SCALE_SQUARED) - ECHO_LOSS_DB > levelDb;
  }

  #add(slotNumber: number, energy: number): void {
    const slot = slotNumber % SLOTS;
    this.#energies[slot] = energy + (this.#slotNumbers[slot] === slotNumber ? this.#energies[slot]! : 0);
    this.#slotNumbers[slot] = slotNumber;
  }

  #energyOf(slotNumber: number): number {
    if (slotNumber < 0) return 0;
    const slot = slotNumber % SLOTS;
    return this.#slotNumbers[slot] === slotNumber ? this.#energies[slot]! : 0;
  }
}
