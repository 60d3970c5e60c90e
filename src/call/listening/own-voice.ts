import { BYTES_PER_MS, FRAME_BYTES, FRAME_MS } from '../../audio/frame.ts';
import { decodeMulawByte } from '../../audio/mulaw.ts';
import type { MediaMs } from '../clocks.ts';

/** A loudspeaker, a room and two networks take no longer to bring our voice back. */
const LONGEST_WAY_MS = 500;
/**
 * What comes back is quieter than what was sent by at least this. Telephones damp it by 20 dB and more; somebody who
 * speaks is hardly ever that much quieter than the agent, and is heard by his words in any case.
 */
const ECHO_LOSS_DB = 12;
/** What is 300 ms ahead of the ear, the way back, and the stretch that is compared, with room to spare. */
const SLOTS = 128;
const FULL_SCALE_SQUARED = 32_768 ** 2;

const squares = Float64Array.from({ length: 256 }, (_, code) => decodeMulawByte(code) ** 2);

/**
 * How loud the agent is at the caller's ear, from moment to moment on the call's media clock. On a speakerphone the
 * agent hears itself, and must not take that for somebody speaking [F32].
 */
export class OwnVoice {
  /** Sum of the squared samples of each 20 ms; `#slotNumbers` tells which 20 ms it is. */
  readonly #energies = new Float64Array(SLOTS);
  readonly #slotNumbers = new Float64Array(SLOTS).fill(-1);

  /** Audio on its way to the ear, with the place where it will be played. */
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

  /** From here on it was not played after all. */
  cleared(fromOffsetMs: MediaMs): void {
    const firstSlot = Math.ceil(fromOffsetMs / FRAME_MS);
    for (let slot = 0; slot < SLOTS; slot += 1) {
      if (this.#slotNumbers[slot]! >= firstSlot) this.#energies[slot] = 0;
    }
  }

  /** Whether what was heard at this level until `offsetMs`, for `durationMs`, may be the agent's own voice. */
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
