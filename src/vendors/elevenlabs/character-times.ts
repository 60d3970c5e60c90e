import { bytesToMs } from '../../audio/frame.ts';
import type { AlignedCharacter } from '../../call/reply/reply.ts';
import type { WireAlignment } from './server-message.ts';

/** How far the voice's characters may run ahead of ours (a dropped tag, a ligature) before we stop looking. */
const MAX_LOOKAHEAD = 12;

/**
 * Brings the vendor's timing of one utterance onto the utterance's own time and the text as it was pushed. Each pushed
 * character is told once and in order, although the vendor sees spaces we added and may skip or change characters.
 */
export class CharacterTimes {
  readonly #characters: string[] = [];
  #told = 0;
  #receivedBytes = 0;
  /** Where the audio begins whose timing has not come yet. */
  #untimedFromBytes = 0;
  #lastEndMs = 0;

  pushed(text: string): void {
    for (const character of text) this.#characters.push(character);
  }

  /** Audio has come, with or without its timing; timing may catch up for several pieces of audio. */
  received(audioBytes: number, alignment: WireAlignment | undefined): readonly AlignedCharacter[] {
    this.#receivedBytes += audioBytes;
    if (alignment === undefined) return [];
    const baseMs = bytesToMs(this.#untimedFromBytes);
    this.#untimedFromBytes = this.#receivedBytes;
    return alignment.characters.flatMap((character, index) => {
      const startMs = baseMs + alignment.startsMs[index]!;
      return this.#place(character, startMs, startMs + alignment.durationsMs[index]!);
    });
  }

  /** The utterance is over: what the vendor never timed is spread over the audio it never timed. */
  ended(): readonly AlignedCharacter[] {
    const rest = this.#characters.slice(this.#told);
    const fromMs = this.#lastEndMs;
    const stepMs = Math.max(0, bytesToMs(this.#receivedBytes) - fromMs) / Math.max(1, rest.length);
    return rest.map((_, index) => this.#tell(fromMs + index * stepMs, fromMs + (index + 1) * stepMs));
  }

  /** One character of the vendor's, as none, one or several of ours. */
  #place(character: string, startMs: number, endMs: number): readonly AlignedCharacter[] {
    if (this.#told >= this.#characters.length) return [];
    const found = this.#characters.slice(this.#told, this.#told + MAX_LOOKAHEAD).indexOf(character);
    const isSpace = character.trim() === '';
    // A space that is not ours comes from the padding between pushed texts.
    if (isSpace && found !== 0) return [];
    // Skipped ones share the moment; a character we never wrote stands for the next of ours.
    const skipped = Array.from({ length: Math.max(0, found) }, () => this.#tell(startMs, startMs));
    return [...skipped, this.#tell(startMs, endMs)];
  }

  #tell(startMs: number, endMs: number): AlignedCharacter {
    const character = this.#characters[this.#told]!;
    this.#told += 1;
    this.#lastEndMs = Math.max(this.#lastEndMs, endMs);
    return { character, startMs, endMs };
  }
}
