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

/** Audio that came is counted as all there was, when it is at least this share of what the text should take. */
const PLAUSIBLE_SHARE = 0.6;

/**
 * A stretch of a reply's text: what was given to the voice (or came with ready audio), and what came back. Text is in
 * flight until its audio is there [L13].
 */
export class VoicedText implements TimedText {
  text = '';
  startBytes: number | undefined;
  receivedBytes = 0;
  readonly timings: TextTiming[] = [];
  utterance: Utterance | undefined;
  /** Last sign that the voice is at work on it: a text given to an idle voice, or audio. */
  progressAtMs = 0;
  /** Ready audio, for a text that needs no voice. */
  readyAudio: Uint8Array | undefined;
  /** Audio that came before its turn. */
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

  /** `open` takes more text; `ended`: the voice was told that nothing more follows; `complete`: all audio is here. */
  get state(): 'open' | 'ended' | 'complete' {
    return this.#state;
  }

  get isComplete(): boolean {
    return this.#state === 'complete';
  }

  /** The voice has something to deliver: audio, or the end it was asked for. */
  get isOwed(): boolean {
    return this.#state === 'ended' || (this.#state === 'open' && !this.isCovered);
  }

  /** Whether the voice has answered at all, be it with silence. */
  get hasAudio(): boolean {
    return this.#hasAudio;
  }

  /** Everything given to the voice has, as far as one can tell, come back as audio. */
  get isCovered(): boolean {
    const last = this.timings.at(-1);
    const rest = this.text.slice(last?.endIndex ?? 0);
    if (!hasWords(rest)) return true;
    // A voice that tells no times: before its end, audio at all is the only sign there is.
    if (last === undefined && this.#state === 'open') return this.#hasAudioSincePush;
    const restMs = bytesToMs(this.receivedBytes) - (last?.endMs ?? 0);
    return restMs >= rest.trim().length * MS_PER_CHARACTER * PLAUSIBLE_SHARE;
  }

  /** Speech that is not with the playout yet, as far as one can tell. */
  get comingMs(): number {
    const durationMs = estimateDurationMs(this);
    return this.startBytes === undefined ? durationMs : durationMs - bytesToMs(this.receivedBytes);
  }

  add(piece: string): void {
    this.text = this.text === '' ? piece : `${this.text} ${piece}`;
    this.#pieceEnds.push(this.text.length);
    this.#hasAudioSincePush = false;
  }

  /** What is to be played of a piece of audio: the utterance's leading silence is not. */
  receive(mulaw: Uint8Array): Uint8Array {
    if (mulaw.length === 0) return mulaw;
    this.#hasAudioSincePush = true;
    this.#hasAudio = true;
    return this.#count(this.#trimmer.trim(mulaw));
  }

  /** The utterance is over; gives back silence that was held and is all there was. */
  complete(): Uint8Array {
    this.#state = 'complete';
    this.utterance = undefined;
    return this.#count(this.#trimmer.finish());
  }

  /** Characters as the voice tells them are looked up in the text; white space may differ. */
  align(characters: readonly AlignedCharacter[]): void {
    const trimmedMs = bytesToMs(this.#trimmer.trimmedBytes);
    for (const { character, startMs, endMs } of characters) {
      if (character.trim() === '') continue;
      const found = this.text.indexOf(character, this.#alignedIndex);
      // Far ahead is not the same character: the voice says something we did not give it.
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

  /** All audio of the n-th piece is here: without alignments, the one moment in the text that is known. */
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
   * The voice is lost. Keeps the words whose audio is there, ends the stretch with them, and gives back the pieces
   * that must still be said; `keepBytes` is where its audio should now end.
   */
  breakOff(): { keepBytes: number; unsaid: string[] } {
    this.utterance?.cancel();
    this.utterance = undefined;
    if (this.startBytes === undefined) {
      // None of it can be heard before it is said anew.
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

  /** Nobody will hear the rest. */
  close(): void {
    this.utterance?.cancel();
    this.utterance = undefined;
    this.waiting.length = 0;
  }

  /** Rather said twice than not at all: what the voice has not timed counts only as far as the audio surely goes. */
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
