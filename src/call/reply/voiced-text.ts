import { bytesToMs, msToBytes } from '../../audio/frame.ts';
import { LeadingSilenceTrimmer } from '../../audio/trim-silence.ts';
import {
  MS_PER_CHARACTER,
  estimateDurationMs,
  type TimedText,
  type SpokenWord,
  type TextTiming,
  timeWords,
} from './heard-text.ts';
import { hasWords } from './speakable-text.ts';
import type { AlignedCharacter, Utterance } from './text-to-speech.ts';

/** Received audio counts as complete if it has at least this share of the expected duration. */
const PLAUSIBLE_SHARE = 0.6;

/**
 * A part of a reply's text that was sent to the voice (or has pre-synthesised audio), with the audio received. Text is
 * in flight until its audio is there [L13].
 */
export class VoicedText implements TimedText {
  text = '';
  startBytes: number | undefined;
  receivedBytes = 0;
  readonly timings: TextTiming[] = [];
  utterance: Utterance | undefined;
  /** When the voice last made progress: it was given text while idle, or delivered audio. */
  progressAtMs = 0;
  /** Pre-synthesised audio, for a text that needs no voice. */
  readyAudio: Uint8Array | undefined;
  /** Audio received before the parts in front of it were played. */
  readonly waiting: Uint8Array[] = [];
  readonly #pieceEnds: number[] = [];
  readonly #trimmer = new LeadingSilenceTrimmer();
  #state: 'open' | 'ended' | 'complete' = 'open';
  #alignedIndex = 0;
  #hasAudioSincePush = false;
  #hasAudio = false;

  static ready(text: string, mulaw: Uint8Array): VoicedText {
    const part = new VoicedText();
    part.add(text);
    part.readyAudio = mulaw;
    part.waiting.push(mulaw);
    part.receivedBytes = mulaw.length;
    part.#state = 'complete';
    return part;
  }

  /** `open`: takes more text. `ended`: no more text follows. `complete`: all audio was received. */
  get state(): 'open' | 'ended' | 'complete' {
    return this.#state;
  }

  get isComplete(): boolean {
    return this.#state === 'complete';
  }

  /** True while the voice has audio or the end of the utterance to deliver. */
  get isOwed(): boolean {
    return this.#state === 'ended' || (this.#state === 'open' && !this.isCovered);
  }

  /** Whether the voice has delivered any audio, even silence. */
  get hasAudio(): boolean {
    return this.#hasAudio;
  }

  /** Whether all text sent to the voice has, by estimate, come back as audio. */
  get isCovered(): boolean {
    const last = this.timings.at(-1);
    const rest = this.text.slice(last?.endIndex ?? 0);
    if (!hasWords(rest)) return true;
    // For a voice without timings, any audio since the last text is the only evidence before the end.
    if (last === undefined && this.#state === 'open') return this.#hasAudioSincePush;
    const restMs = bytesToMs(this.receivedBytes) - (last?.endMs ?? 0);
    return restMs >= rest.trim().length * MS_PER_CHARACTER * PLAUSIBLE_SHARE;
  }

  /** Estimated speech that has not reached the playout. */
  get comingMs(): number {
    const durationMs = estimateDurationMs(this);
    return this.startBytes === undefined ? durationMs : durationMs - bytesToMs(this.receivedBytes);
  }

  add(piece: string): void {
    this.text = this.text === '' ? piece : `${this.text} ${piece}`;
    this.#pieceEnds.push(this.text.length);
    this.#hasAudioSincePush = false;
  }

  /** Takes received audio; returns what is to be played, without the utterance's leading silence. */
  receive(mulaw: Uint8Array): Uint8Array {
    if (mulaw.length === 0) return mulaw;
    this.#hasAudioSincePush = true;
    this.#hasAudio = true;
    return this.#count(this.#trimmer.trim(mulaw));
  }

  /** Completes the utterance; returns its silence if it had nothing else. */
  complete(): Uint8Array {
    this.#state = 'complete';
    this.utterance = undefined;
    return this.#count(this.#trimmer.finish());
  }

  /** Looks characters reported by the voice up in the text; white space may differ. */
  align(characters: readonly AlignedCharacter[]): void {
    const trimmedMs = bytesToMs(this.#trimmer.trimmedBytes);
    for (const { character, startMs, endMs } of characters) {
      if (character.trim() === '') continue;
      const found = this.text.indexOf(character, this.#alignedIndex);
      // A match beyond other words is not the same character: the voice reports text that it was not given.
      if (found < 0 || hasWords(this.text.slice(this.#alignedIndex, found))) continue;
      this.#alignedIndex = found + character.length;
      this.timings.push({
        startIndex: found,
        endIndex: this.#alignedIndex,
        startMs: Math.max(0, startMs - trimmedMs),
        endMs: Math.max(0, endMs - trimmedMs),
      });
    }
  }

  /** All audio of the n-th piece was received; without alignments this is the only known time. */
  pieceSpoken(index: number): void {
    const endIndex = this.#pieceEnds[index];
    if (endIndex === undefined || this.#alignedIndex > 0) return;
    const last = this.timings.at(-1);
    if (last !== undefined && endIndex <= last.endIndex) return;
    this.timings.push({
      startIndex: last?.endIndex ?? 0,
      endIndex,
      startMs: last?.endMs ?? 0,
      endMs: bytesToMs(this.receivedBytes),
    });
  }

  /**
   * Handles the loss of the voice: keeps the words whose audio was received and returns the pieces that must still be
   * spoken; `keepBytes` is where the audio of this part now ends.
   */
  breakOff(): { keepBytes: number; unsaid: string[] } {
    this.utterance?.cancel();
    this.utterance = undefined;
    if (this.startBytes === undefined) {
      // Buffered audio is dropped, because its text is spoken again.
      this.waiting.length = 0;
      this.receivedBytes = 0;
    }
    const words = timeWords(this);
    const firstMissing = words.findIndex((word) => !this.#isSynthesised(word));
    const cut = words[firstMissing];
    if (cut === undefined) return { keepBytes: this.receivedBytes, unsaid: this.#end(this.text.length) };
    const keepBytes = firstMissing === 0 ? 0 : Math.min(this.receivedBytes, msToBytes(cut.startMs));
    return { keepBytes, unsaid: this.#end(cut.startIndex) };
  }

  /** Tells the voice that no more text follows. */
  end(nowMs: number): void {
    this.#state = 'ended';
    this.progressAtMs = Math.max(this.progressAtMs, nowMs);
    this.utterance?.end();
  }

  /** Cancels the utterance. */
  close(): void {
    this.utterance?.cancel();
    this.utterance = undefined;
    this.waiting.length = 0;
  }

  /**
   * Prefers to repeat a word over losing it: a word without timing counts only if the received audio surely contains
   * it.
   */
  #isSynthesised({ text, startIndex, endIndex, endMs }: SpokenWord): boolean {
    if (endMs > bytesToMs(this.receivedBytes) || this.receivedBytes === 0) return false;
    const lettersEnd = startIndex + text.replace(/[^\p{L}\p{N}]+$/u, '').length;
    const isTimed = lettersEnd <= (this.timings.at(-1)?.endIndex ?? 0);
    return isTimed || (this.#alignedIndex === 0 && endIndex < this.text.length);
  }

  #end(endIndex: number): string[] {
    const unsaid = this.#pieceEnds.map((end, n) =>
      this.text.slice(Math.max(endIndex, this.#pieceEnds[n - 1] ?? 0), end).trim(),
    );
    this.text = this.text.slice(0, endIndex).trimEnd();
    this.#state = 'complete';
    return unsaid.filter((piece) => piece !== '');
  }

  #count(mulaw: Uint8Array): Uint8Array {
    this.receivedBytes += mulaw.length;
    return mulaw;
  }
}
