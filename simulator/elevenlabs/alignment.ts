import { BYTES_PER_MS } from '../../src/audio/frame.ts';
import type { DeliveredSpeech } from '../speech-delivery.ts';

export interface Alignment {
  readonly chars: readonly string[];
  readonly charStartTimesMs: readonly number[];
  readonly charDurationsMs: readonly number[];
}

/** Messages without timing before one that covers them too, as from the vendor without sync_alignment. */
const MESSAGES_PER_ALIGNMENT = 2;

/** Splits the timing of a speech along its audio; each character occurs once. */
export class AlignmentCursor {
  readonly #speech: DeliveredSpeech;
  readonly #messagesPerAlignment: number;
  #nextCharacter = 0;
  #uncoveredFromByte = 0;
  #messages = 0;

  constructor(speech: DeliveredSpeech, isSynchronised: boolean) {
    this.#speech = speech;
    this.#messagesPerAlignment = isSynchronised ? 1 : MESSAGES_PER_ALIGNMENT;
  }

  /** Timing for audio up to `untilByte`, relative to the first audio not covered yet; null when it comes later. */
  take(untilByte: number): Alignment | null {
    const { mulaw, characters } = this.#speech;
    const isLast = untilByte >= mulaw.length;
    this.#messages += 1;
    if (!isLast && this.#messages % this.#messagesPerAlignment !== 0) return null;
    const baseMs = this.#uncoveredFromByte / BYTES_PER_MS;
    const untilMs = isLast ? Infinity : untilByte / BYTES_PER_MS;
    const chars: string[] = [];
    const charStartTimesMs: number[] = [];
    const charDurationsMs: number[] = [];
    for (let next = characters[this.#nextCharacter]; next; next = characters[this.#nextCharacter]) {
      if (next.startMs >= untilMs) break;
      this.#nextCharacter += 1;
      chars.push(next.character);
      charStartTimesMs.push(Math.max(0, Math.round(next.startMs - baseMs)));
      charDurationsMs.push(Math.round(next.endMs - next.startMs));
    }
    this.#uncoveredFromByte = untilByte;
    return { chars, charStartTimesMs, charDurationsMs };
  }
}
