/** A word is buffered until it is complete. Above this length the script has no spaces, and nothing is buffered. */
const MAX_BUFFERED_CHARACTERS = 24;

/**
 * Passes text on up to the last whole word, so that a stream that breaks never leaves half a word to be spoken. It adds
 * no delay to speech, which is cut at punctuation, and punctuation is never buffered.
 */
export class WordBuffer {
  #buffered = '';

  push(text: string): string {
    const all = this.#buffered + text;
    const tail = /[\p{L}\p{M}\p{N}'’-]+$/u.exec(all)?.[0] ?? '';
    this.#buffered = tail.length > MAX_BUFFERED_CHARACTERS ? '' : tail;
    return all.slice(0, all.length - this.#buffered.length);
  }

  /** Call when the stream has completed; returns the buffered text. */
  flush(): string {
    const buffered = this.#buffered;
    this.#buffered = '';
    return buffered;
  }
}

/**
 * Joins the text of a second model to what the first one said before it broke off. Asked to continue, a model often
 * starts over or repeats the last few words: what the caller has been given already is removed from the start.
 */
export class Continuation {
  readonly #spoken: string;
  /** Candidates for a repetition: the spoken text from each of its words on, longest first. */
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
