/**
 * Finds where a text that is still growing may be cut. A boundary is an index after the white space that follows a
 * sentence or a clause; it is reported only when the text after it makes it certain.
 */

/** Abbreviations that never end a sentence, because they introduce what follows. */
const LEADING_ABBREVIATIONS = new Set(
  'dr mr mrs ms prof st mt ft sgt capt lt col gen rev hon sr jr vs e.g i.e cf approx ca fig ext tel nr ph dept'.split(
    ' ',
  ),
);
/** Abbreviations that end a sentence if a capital letter follows. */
const TRAILING_ABBREVIATIONS = new Set(
  'a.m p.m am pm etc inc ltd co corp ave blvd rd hwy apt jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun min max u.s u.k'.split(
    ' ',
  ),
);

const SENTENCE_END = /(?:[.!?…]+["'”’)\]]*\s+|[。！？]\s*|[ \t]*\n\s*)/gu;
/** After a word these are always followed by a space, so the model's next token need not be awaited. */
const CLAUSE_END_SO_FAR = /\p{L}{2}[,;!?]$/u;
const CLAUSE_END = /(?:[,;:]["'”’)\]]*\s+|\s+[–—-]\s+|—\s*|[，；：、]\s*)/gu;

/** The first certain sentence end, or undefined. */
export function findSentenceEnd(text: string): number | undefined {
  for (const match of text.matchAll(SENTENCE_END)) {
    const endIndex = match.index + match[0].length;
    if (isSentenceEnd(text, match.index, match[0], endIndex)) return endIndex;
  }
  return undefined;
}

/** Whether the text looks like a whole sentence; the next token may still continue it. */
export function looksFinished(text: string): boolean {
  const tail = /[.!?…]+["'”’)\]]*\s*$/u.exec(text);
  if (tail === null) return false;
  // "3." may continue with "50", and "p." with "m.".
  const isOpen = tail[0].startsWith('.') && /(?:\d|(?<![\p{L}\p{N}])\p{L})$/u.test(text.slice(0, tail.index));
  return !isOpen && isSentenceEnd(text, tail.index, `${tail[0].trimEnd()} `, text.length);
}

/** The first clause end that leaves at least `minCharacters` before it, or undefined. */
export function findClauseEnd(text: string, minCharacters: number): number | undefined {
  for (const match of text.matchAll(CLAUSE_END)) {
    const endIndex = match.index + match[0].length;
    if (text.slice(0, endIndex).trim().length >= minCharacters) return endIndex;
  }
  const endsHere = CLAUSE_END_SO_FAR.test(text) && text.trim().length >= minCharacters;
  return endsHere ? text.length : undefined;
}

/** The last clause end at or before `maxCharacters`, or undefined. */
export function findLastClauseEnd(text: string, maxCharacters: number): number | undefined {
  let last: number | undefined;
  for (const match of text.matchAll(CLAUSE_END)) {
    const endIndex = match.index + match[0].length;
    if (endIndex <= maxCharacters && text.slice(0, endIndex).trim() !== '') last = endIndex;
  }
  return last;
}

/** The end of the last whole word at or before `maxCharacters`, or undefined: words are not cut. */
export function findLastWordEnd(text: string, maxCharacters: number): number | undefined {
  const lead = text.length - text.trimStart().length;
  for (let index = Math.min(maxCharacters, text.length); index > lead; index -= 1) {
    if (/\s/u.test(text[index - 1]!) && text.slice(0, index).trim() !== '') return index;
  }
  return undefined;
}

function isSentenceEnd(text: string, index: number, terminator: string, endIndex: number): boolean {
  if (terminator.includes('\n')) return text.slice(0, index).trim() !== '';
  if (!/^\.["'”’)\]]*\s/u.test(terminator)) return true;
  const word = /\S+$/u.exec(text.slice(0, index))?.[0].replace(/^[("'“‘[]+/u, '') ?? '';
  /** Empty if the next word has not come yet, so that rules about it are undecided. */
  const next = text[endIndex] ?? '';
  // "1. Haircut": the number of a list item.
  if (/^\d{1,2}$/u.test(text.slice(0, index).trim())) return false;
  // "J. Smith" cannot be distinguished from "Vitamin C. It", and waiting for the next sentence end costs little.
  if (/^\p{Lu}$/u.test(word) && word !== 'I') return false;
  const abbreviation = word.toLowerCase();
  if (abbreviation === 'no') return next !== '' && !/\d/u.test(next);
  if (LEADING_ABBREVIATIONS.has(abbreviation)) return false;
  if (TRAILING_ABBREVIATIONS.has(abbreviation)) return /[\p{Lu}"“‘(]/u.test(next);
  return true;
}
