import { BYTES_PER_MS, MULAW_SILENCE } from './frame.ts';
import { decodeMulawByte } from './mulaw.ts';

/** Amplitudes below this (about -50 dB) are inaudible; soft consonants are well above. */
const SILENCE_AMPLITUDE = 100;
/** Left in front of the first sound, so that it does not start with a click. */
const KEPT_BYTES = 40 * BYTES_PER_MS;
/** Silence beyond this is kept, because it is intended. */
const MAX_TRIMMED_BYTES = 500 * BYTES_PER_MS;

/** Removes the leading silence of an utterance that arrives in pieces. */
export class LeadingSilenceTrimmer {
  #silentBytes = 0;
  #trimmedBytes = 0;
  #isTrimming = true;

  /** Bytes removed so far. */
  get trimmedBytes(): number {
    return this.#trimmedBytes;
  }

  /** The part of this piece to play, with silence buffered before; may be empty. */
  trim(mulaw: Uint8Array): Uint8Array {
    if (!this.#isTrimming) return mulaw;
    const silentHere = countSilent(mulaw);
    this.#silentBytes += silentHere;
    const isOver = silentHere < mulaw.length || this.#silentBytes >= MAX_TRIMMED_BYTES;
    return isOver ? this.#stopTrimming(mulaw, silentHere) : mulaw.subarray(0, 0);
  }

  /** Ends the utterance; returns the buffered silence if it was never audible. */
  finish(): Uint8Array {
    return this.#isTrimming ? this.#stopTrimming(new Uint8Array(), 0) : new Uint8Array();
  }

  #stopTrimming(mulaw: Uint8Array, silentHere: number): Uint8Array {
    this.#isTrimming = false;
    const keptBytes = Math.min(this.#silentBytes, KEPT_BYTES);
    this.#trimmedBytes = this.#silentBytes - keptBytes;
    if (keptBytes <= silentHere) return mulaw.subarray(silentHere - keptBytes);
    const sound = mulaw.subarray(silentHere);
    const joined = new Uint8Array(keptBytes + sound.length).fill(MULAW_SILENCE, 0, keptBytes);
    joined.set(sound, keptBytes);
    return joined;
  }
}

/** Trims an utterance that is already complete. */
export function trimLeadingSilence(mulaw: Uint8Array): Uint8Array {
  const trimmer = new LeadingSilenceTrimmer();
  const sound = trimmer.trim(mulaw);
  return sound.length > 0 ? sound : trimmer.finish();
}

function countSilent(mulaw: Uint8Array): number {
  const first = mulaw.findIndex((code) => Math.abs(decodeMulawByte(code)) >= SILENCE_AMPLITUDE);
  return first < 0 ? mulaw.length : first;
}
