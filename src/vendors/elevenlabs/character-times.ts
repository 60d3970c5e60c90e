import { bytesToMs } from '../../audio/frame.ts';
import type { AlignedCharacter } from '../../call/reply/reply.ts';
import type { WireAlignment } from './server-message.ts';

/** How many pushed characters the vendor may skip (a dropped tag, a ligature) before a character counts as unknown. */
const MAX_LOOKAHEAD = 12;

/**
 * Maps the vendor's timing of one utterance to the utterance's own time and the text as it was pushed. Each pushed
 * character is emitted once, in order, although the vendor gets added spaces and may skip or change characters.
 */
export class CharacterTimes {
  readonly #characters: string[] = [];
  #told = 0;
  #receivedBytes = 0;
  /** Position of the first audio without timing. */
  #untimedFromBytes = 0;
  #lastEndMs = 0;

  pushed(text: string): void {
    for (const character of text) this.#characters.push(character);
  }

  /** Handles audio with or without timing; one timing may cover several pieces of audio. */
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

  /** Ends the utterance: characters without timing are spread over the audio without timing. */
  ended(): readonly AlignedCharacter[] {
    const rest = this.#characters.slice(this.#told);
    const fromMs = this.#lastEndMs;
    const stepMs = Math.max(0, bytesToMs(this.#receivedBytes) - fromMs) / Math.max(1, rest.length);
    return rest.map((_, index) => this.#tell(fromMs + index * stepMs, fromMs + (index + 1) * stepMs));
  }

  /** Maps one character of the vendor to none, one or several pushed characters. */
  #place(character: string, startMs: number, endMs: number): readonly AlignedCharacter[] {
    if (this.#told >= this.#characters.length) return [];
    const found = this.#characters.slice(this.#told, this.#told + MAX_LOOKAHEAD).indexOf(character);
    const isSpace = character.trim() === '';
    // A space that was not pushed is padding between pushed texts.
    if (isSpace && found !== 0) return [];
    // Skipped characters get the same time; an unknown character is taken for the next pushed one.
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
