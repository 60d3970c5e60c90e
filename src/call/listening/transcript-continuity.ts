import { type CallerWord, startsWithWords, wordsOf } from '../turn/turn.ts';
import type { Replay } from './utterance-tracker.ts';
import type { ListenerEvent } from './listener-event.ts';

/** Turn events of a recogniser, with word times on the call's media clock. */
export type TranscriptEvent = Extract<
  ListenerEvent,
  { type: 'turn-started' | 'transcript-interim' | 'turn-ended-eager' | 'turn-resumed' | 'turn-ended' }
>;

type Emit = (event: ListenerEvent) => void;
type WordsEvent = Exclude<TranscriptEvent, { type: 'turn-resumed' }>;

/** Until the successor has recognised a turn of its own. */
type Recovery =
  | { readonly type: 'turn-open'; readonly carriedText: string; readonly isWholeTurnReplayed: boolean }
  | { readonly type: 'last-turn-repeated' };

/**
 * One transcript from several recognisers in succession. When one is lost during a turn, the last seconds are replayed
 * to its successor: the open turn continues with the words of both, and a finished one is not emitted twice.
 */
export class TranscriptContinuity {
  readonly #emit: Emit;
  /** Text of the open turn as last emitted. */
  #openText: string | undefined;
  #lastEndedText = '';
  #recovery: Recovery | undefined;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  get hasOpenTurn(): boolean {
    return this.#openText !== undefined;
  }

  /** Another recogniser takes over, to which the last audio is replayed. */
  recogniserReplaced({ isWhole, mayRepeatLastTurn }: Pick<Replay, 'isWhole' | 'mayRepeatLastTurn'>): void {
    if (this.#openText !== undefined) {
      this.#recovery = { type: 'turn-open', carriedText: this.#openText, isWholeTurnReplayed: isWhole };
    } else {
      this.#recovery = mayRepeatLastTurn ? { type: 'last-turn-repeated' } : undefined;
    }
  }

  /** The replay brought no words; the open turn is dropped without an end event. */
  speechLost(): void {
    this.#openText = undefined;
    this.#recovery = undefined;
    this.#emit({ type: 'speech-lost' });
  }

  hear(event: TranscriptEvent): void {
    if (event.type === 'turn-resumed') {
      if (this.#openText !== undefined) this.#emit(event);
      return;
    }
    if (event.type !== 'turn-ended' && wordsOf(event.text).length === 0) return;
    switch (this.#recovery?.type) {
      case undefined:
        this.#emitWords(event, event.text);
        return;
      case 'turn-open':
        this.#continueTurn(event, this.#recovery);
        return;
      case 'last-turn-repeated':
        this.#startAfterReplay(event);
        return;
      default:
        this.#recovery satisfies never;
    }
  }

  #continueTurn(event: WordsEvent, recovery: Extract<Recovery, { type: 'turn-open' }>): void {
    const text = joinReplayed(recovery.carriedText, event.text, recovery.isWholeTurnReplayed);
    // While the successor catches up, its text is shorter than what was emitted; emitting it would remove words.
    const isBehind = wordsOf(text).length < wordsOf(this.#openText ?? '').length;
    if (event.type === 'turn-ended' || !isBehind) this.#emitWords(event, text);
  }

  /** No turn was open, so the first words may repeat the end of the last one. */
  #startAfterReplay(event: WordsEvent): void {
    const isRepetition = isTail(wordsOf(event.text), wordsOf(this.#lastEndedText));
    if (!isRepetition || event.type === 'turn-ended') this.#recovery = undefined;
    if (!isRepetition) this.#emitWords(event, event.text);
  }

  #emitWords(event: WordsEvent, text: string): void {
    if (event.type === 'turn-ended') {
      this.#openText = undefined;
      this.#recovery = undefined;
      this.#lastEndedText = text;
      this.#emit({ type: 'turn-ended', text, words: wordsFor(text, event.text, event.words) });
      return;
    }
    const isContinued = this.#openText !== undefined && event.type === 'turn-started';
    this.#openText = text;
    this.#emit({ type: isContinued ? 'transcript-interim' : event.type, text });
  }
}

/** Words carried over have no times and come first. */
function wordsFor(text: string, heard: string, words: readonly CallerWord[]): readonly CallerWord[] {
  if (text === heard || words.length === 0) return words;
  const carried = text.split(/\s+/).slice(0, -words.length);
  return [...carried.map((word) => ({ text: word })), ...words];
}

function isTail(words: readonly string[], of: readonly string[]): boolean {
  return words.length <= of.length && words.every((word, i) => word === of[of.length - words.length + i]);
}

/**
 * The text of a turn of which `carried` was emitted before and `replayed` was recognised anew from somewhere within it.
 * Words in both appear once.
 */
function joinReplayed(carried: string, replayed: string, isWholeTurnReplayed: boolean): string {
  const before = wordsOf(carried);
  const after = wordsOf(replayed);
  if (after.length === 0 || isTail(after, before)) return carried;
  const startsAlike = before.length > 1 && startsWithWords(after, before.slice(0, 2));
  if (isWholeTurnReplayed || startsAlike) return replayed;
  return `${carried.trim()} ${withoutFirstWords(replayed, longestOverlap(before, after))}`.trim();
}

/** A written word may be several spoken ones ("five-thirty"). */
function withoutFirstWords(text: string, count: number): string {
  const written = text.trim().split(/\s+/);
  let dropped = 0;
  while (written.length > 0 && dropped < count) dropped += wordsOf(written.shift()!).length;
  return written.join(' ');
}

/** How many of the first words of `after` are the last words of `before`. */
function longestOverlap(before: readonly string[], after: readonly string[]): number {
  for (let length = Math.min(before.length, after.length); length > 0; length -= 1) {
    if (isTail(after.slice(0, length), before)) return length;
  }
  return 0;
}
