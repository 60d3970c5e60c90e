/** A word is held until it is complete. Longer than this, the script has no spaces, and nothing is held. */
const MAX_HELD_CHARACTERS = 24;

/**
 * Lets text through up to the last whole word, so that a stream that breaks never leaves half a word in the air.
 * Speech is cut at punctuation, which is never held, so nothing is spoken later for it.
 */
export class WordHold {
  #held = '';

  push(text: string): string {
    const all = this.#held + text;
    const tail = /[\p{L}\p{M}\p{N}'’-]+$/u.exec(all)?.[0] ?? '';
    this.#held = tail.length > MAX_HELD_CHARACTERS ? '' : tail;
    return all.slice(0, all.length - this.#held.length);
  }

  /** Call when the stream has ended well; releases the held text. */
  flush(): string {
    const held = this.#held;
    this.#held = '';
    return held;
  }
}

/**
 * Joins the text of a second model to what the first one said before it broke off. Asked to continue, a model often
 * starts over or repeats the last few words: what the caller has been given already is taken off the front.
 */
export class Continuation {
  readonly #spoken: string;
  /** What a repetition may look like: the spoken text from the start of each of its words, longest first. */
  readonly #repeats: readonly string[];
  #buffer = '';
  #isDecided: boolean;

  constructor(spoken: string) {
    this.#spoken = spoken;
    const words = wordsOf(spoken);
    // A single word at the end may come twice by chance ("a table for two … two of you"); two in a row do not.
    const starts = Math.max(1, words.length - 1);
    this.#repeats = words.slice(0, starts).map((_, index) => words.slice(index).join(''));
    this.#isDecided = words.length === 0;
  }

  push(text: string): string {
    if (this.#isDecided) return text;
    this.#buffer += text;
    const key = wordsOf(this.#buffer).join('');
    if (this.#repeats.some((repeat) => repeat.startsWith(key))) return '';
    return this.#decide();
  }

  flush(): string {
    return this.#isDecided ? '' : this.#decide();
  }

  #decide(): string {
    this.#isDecided = true;
    const repeat = this.#repeats.find((candidate) => isWholeStart(this.#buffer, candidate));
    const fresh =
      repeat === undefined ? this.#buffer : this.#withoutTail(afterLetters(this.#buffer, repeat.length));
    return this.#join(fresh);
  }

  /** The spoken text may end in a comma that the repetition brings again. */
  #withoutTail(text: string): string {
    const tail = /[^\p{L}\p{N}]*$/u.exec(this.#spoken)?.[0].trim() ?? '';
    const trimmed = text.trimStart();
    return tail !== '' && trimmed.startsWith(tail) ? trimmed.slice(tail.length) : text;
  }

  #join(text: string): string {
    if (/\s$/.test(this.#spoken)) return text.trimStart();
    return /^[\p{L}\p{N}]/u.test(text) ? ` ${text}` : text;
  }
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
}

function isWholeStart(text: string, repeat: string): boolean {
  const key = wordsOf(text).join('');
  return key.startsWith(repeat) && !/^[\p{L}\p{M}\p{N}]/u.test(afterLetters(text, repeat.length));
}

/** `text` after its first `count` letters and digits. */
function afterLetters(text: string, count: number): string {
  let seen = 0;
  let at = 0;
  while (seen < count && at < text.length) {
    if (/[\p{L}\p{M}\p{N}]/u.test(text[at]!)) seen += 1;
    at += 1;
  }
  return text.slice(at);
}
