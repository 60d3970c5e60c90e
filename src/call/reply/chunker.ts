import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import { hasWords, speakable } from './speakable-text.ts';
import {
  findClauseEnd,
  findLastClauseEnd,
  findLastWordEnd,
  findSentenceEnd,
  looksFinished,
} from './text-boundaries.ts';

export interface ChunkerDeps {
  readonly clock: Clock;
  /** True while the caller would soon hear silence; text is then cut at clauses instead of sentences. */
  readonly isVoiceHungry: () => boolean;
  readonly emit: (chunk: string) => void;
}

/** A first clause shorter than this sounds chopped. */
const MIN_CLAUSE_CHARACTERS = 20;
/**
 * Longer sentences are cut at a clause, because long texts raise the latency of voices and are wasted by interruptions.
 */
export const MAX_CHUNK_CHARACTERS = 220;
/** Maximum wait for the end of a sentence, for a model that streams slowly [L4]. */
const MAX_HOLD_MS = 700;
const RECHECK_MS = 100;
/**
 * Pause of the model after which text that looks like a whole sentence is passed on, for instance before a tool call.
 */
const FINISHED_HOLD_MS = 150;

/**
 * Cuts a model's text into chunks for the voice: a first clause at once, then sentences. Chunks are `speakable`; joined
 * by single spaces they are the whole text. A word is never cut unless it alone exceeds the maximum.
 */
export class Chunker {
  readonly #deps: ChunkerDeps;
  #held = '';
  #heldSinceMs = 0;
  #pushedAtMs = 0;
  #cancelTimer: CancelTimer | undefined;

  constructor(deps: ChunkerDeps) {
    this.#deps = deps;
  }

  /** Text that has not become a chunk yet. */
  get pendingText(): string {
    const text = speakable(this.#held);
    return hasWords(text) ? text : '';
  }

  push(delta: string): void {
    const wasEmpty = this.#held === '';
    this.#held += delta;
    this.#pushedAtMs = this.#deps.clock.nowMs();
    if (wasEmpty) this.#heldSinceMs = this.#pushedAtMs;
    this.#cutWhatIsReady();
    this.#watch();
  }

  /** Passes on all pending text, because no more text comes for now. */
  flush(): void {
    this.#cutWhatIsReady();
    while (this.#held.length > MAX_CHUNK_CHARACTERS) this.#cut(forcedEnd(this.#held));
    this.#cut(this.#held.length);
    this.#watch();
  }

  #cutWhatIsReady(): void {
    for (let end = this.#nextEnd(); end !== undefined; end = this.#nextEnd()) this.#cut(end);
  }

  #nextEnd(): number | undefined {
    const end = findSentenceEnd(this.#held) ?? this.#hungryClauseEnd();
    if (end !== undefined && end <= MAX_CHUNK_CHARACTERS) return end;
    return this.#held.length > MAX_CHUNK_CHARACTERS ? forcedEnd(this.#held) : undefined;
  }

  #hungryClauseEnd(): number | undefined {
    return this.#deps.isVoiceHungry() ? findClauseEnd(this.#held, MIN_CLAUSE_CHARACTERS) : undefined;
  }

  #cut(endIndex: number): void {
    const chunk = speakable(this.#held.slice(0, endIndex));
    this.#held = this.#held.slice(endIndex);
    this.#heldSinceMs = this.#deps.clock.nowMs();
    if (hasWords(chunk)) this.#deps.emit(chunk);
  }

  #watch(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (this.#held.trim() === '') return;
    const nowMs = this.#deps.clock.nowMs();
    const isFinished = looksFinished(this.#held);
    const dueAtMs = isFinished ? this.#pushedAtMs + FINISHED_HOLD_MS : this.#heldSinceMs + MAX_HOLD_MS;
    // If the text is overdue and was not cut, the voice is busy or there is no whole word; it is checked again soon.
    const delayMs = dueAtMs > nowMs ? dueAtMs - nowMs : RECHECK_MS;
    this.#cancelTimer = this.#deps.clock.after(delayMs, () => this.#onHeldTooLong());
  }

  #onHeldTooLong(): void {
    this.#cancelTimer = undefined;
    const nowMs = this.#deps.clock.nowMs();
    if (looksFinished(this.#held) && nowMs - this.#pushedAtMs >= FINISHED_HOLD_MS) this.flush();
    else if (nowMs - this.#heldSinceMs >= MAX_HOLD_MS && this.#deps.isVoiceHungry()) this.#cutWholeWords();
    this.#watch();
  }

  #cutWholeWords(): void {
    const end =
      findLastClauseEnd(this.#held, MAX_CHUNK_CHARACTERS) ??
      findLastWordEnd(this.#held, MAX_CHUNK_CHARACTERS);
    if (end !== undefined) this.#cut(end);
  }
}

/** Where a text without a usable boundary is cut: after a clause, after a word, or in the worst case within a word. */
function forcedEnd(text: string): number {
  const clauseEnd = findLastClauseEnd(text, MAX_CHUNK_CHARACTERS);
  if (clauseEnd !== undefined && clauseEnd >= MIN_CLAUSE_CHARACTERS) return clauseEnd;
  const wordEnd = findLastWordEnd(text, MAX_CHUNK_CHARACTERS);
  if (wordEnd !== undefined) return wordEnd;
  // A surrogate pair must not be split.
  return /[\uD800-\uDBFF]/.test(text[MAX_CHUNK_CHARACTERS - 1]!)
    ? MAX_CHUNK_CHARACTERS - 1
    : MAX_CHUNK_CHARACTERS;
}
