import { BYTES_PER_MS, FRAME_MS } from '../../src/audio/frame.ts';
import type { SpeechFinder } from '../speech/heard-speech.ts';
import { AUDIBLE_LEVEL, levelOf } from '../speech/level.ts';

/** A pause this long inside speech still belongs to it; a new sound after it is a new onset. */
export const SOUND_PAUSE_MS = 200;
/** After this much silence the caller takes the agent to have finished. */
const FINISHED_AFTER_MS = 700;

/** How long cut speech may still be audible after the cut. */
const LONGEST_TAIL_MS = 600;
/** Upper bound on the words remembered since the caller last spoke. */
const MAX_WORDS = 500;

export interface UnderstoodWord {
  readonly text: string;
  readonly endMs: number;
}

export type EarEvent =
  /** Sound after at least `SOUND_PAUSE_MS` without, since `silentSinceMs` (minus infinity at first). */
  | { readonly type: 'agent-sounds'; readonly atMs: number; readonly silentSinceMs: number }
  /** Silence for `FINISHED_AFTER_MS`; `atMs` is when the sound ended. */
  | { readonly type: 'agent-finished'; readonly atMs: number; readonly startedAtMs: number };

/**
 * What the caller hears of the agent, from the audio alone. Times are milliseconds on the line. With a finder, words
 * are recognised as the simulated recogniser does.
 */
export class AgentEar {
  readonly #finder: SpeechFinder | undefined;
  readonly #words: UnderstoodWord[] = [];
  #speechStartMs: number | undefined;
  /** When the current sound began, including pauses under `SOUND_PAUSE_MS`. */
  #onsetMs: number | undefined;
  #lastSoundMs = Number.NEGATIVE_INFINITY;
  #finishedBefore = true;

  constructor(finder: SpeechFinder | undefined) {
    this.#finder = finder;
  }

  /** Takes the frame that is heard from `startMs` on; at most one event a frame. */
  hear(frame: Uint8Array, startMs: number): EarEvent | undefined {
    this.#understand(frame, startMs);
    const isAudible = levelOf(frame) > AUDIBLE_LEVEL;
    if (!isAudible) return this.#silence(startMs + FRAME_MS);
    const isOnset = startMs - this.#lastSoundMs >= SOUND_PAUSE_MS;
    const atMs = isOnset ? startMs + onsetWithin(frame) : startMs;
    const silentSinceMs = this.#lastSoundMs;
    this.#lastSoundMs = startMs + FRAME_MS;
    if (this.#finishedBefore) this.#speechStartMs = atMs;
    this.#finishedBefore = false;
    if (!isOnset) return undefined;
    this.#onsetMs = atMs;
    return { type: 'agent-sounds', atMs, silentSinceMs };
  }

  /** End of the last sound; minus infinity before the first. */
  get lastSoundMs(): number {
    return this.#lastSoundMs;
  }

  /** When the speech that is going on began; undefined once it has finished. */
  get speakingSinceMs(): number | undefined {
    return this.#finishedBefore ? undefined : this.#speechStartMs;
  }

  isSoundingAt(atMs: number): boolean {
    return atMs - this.#lastSoundMs < SOUND_PAUSE_MS;
  }

  /** True when the agent has spoken after `sinceMs` and finished. The tail of earlier speech does not count. */
  hasFinishedSince(sinceMs: number): boolean {
    return this.#finishedBefore && this.#hasSpokenSince(sinceMs);
  }

  hasBeenQuietSince(sinceMs: number, atMs: number, quietMs: number): boolean {
    return this.#hasSpokenSince(sinceMs) && atMs - this.#lastSoundMs >= quietMs;
  }

  wordsSince(sinceMs: number): string {
    return this.#words
      .filter((word) => word.endMs > sinceMs)
      .map((word) => word.text)
      .join(' ');
  }

  /** The line is closed; recognises the last words as far as they were heard. */
  finish(): void {
    const words = this.#finder?.finish() ?? [];
    for (const word of words) this.#words.push({ text: word.text, endMs: this.#lastSoundMs });
  }

  #hasSpokenSince(sinceMs: number): boolean {
    return (this.#onsetMs ?? -1) >= sinceMs || this.#lastSoundMs > sinceMs + LONGEST_TAIL_MS;
  }

  #silence(atMs: number): EarEvent | undefined {
    if (this.#finishedBefore || atMs - this.#lastSoundMs < FINISHED_AFTER_MS) return undefined;
    this.#finishedBefore = true;
    return { type: 'agent-finished', atMs: this.#lastSoundMs, startedAtMs: this.#speechStartMs! };
  }

  #understand(frame: Uint8Array, startMs: number): void {
    if (this.#finder === undefined) return;
    for (const heard of this.#finder.push(frame)) {
      for (const word of heard.words) this.#words.push({ text: word.text, endMs: startMs + FRAME_MS });
    }
    if (this.#words.length > MAX_WORDS) this.#words.splice(0, this.#words.length - MAX_WORDS);
  }
}

/** Accurate to the millisecond, because reaction times are measured by it. */
function onsetWithin(frame: Uint8Array): number {
  for (let ms = 0; ms < FRAME_MS; ms += 1) {
    const start = ms * BYTES_PER_MS;
    if (levelOf(frame, start, start + BYTES_PER_MS) > AUDIBLE_LEVEL) return ms;
  }
  return 0;
}
