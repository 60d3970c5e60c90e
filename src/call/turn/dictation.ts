import {
  arabic,
  type DictationWords,
  english,
  french,
  german,
  portuguese,
  spanish,
} from './dictations/dictations.ts';
import { startsWithWords, wordsOf } from './words.ts';

interface Lexicon {
  readonly subjects: readonly (readonly string[])[];
  readonly requests: readonly (readonly string[])[];
  readonly numbers: ReadonlySet<string>;
}

/** "Tuesday at ten thirty" is no dictation; three pieces in a row are. */
const DICTATED_PIECES = 3;
/** Recognisers write a number spoken without a pause as one word. A time or a year has four digits. */
const LONG_NUMBER = /^\p{N}{5,}$/u;
const PIECE = /^(?:\p{N}+|\p{L})$/u;
/** Only the end of a turn is examined. */
const TAIL_CHARACTERS = 80;

const languages: Readonly<Record<string, DictationWords>> = {
  ar: arabic,
  de: german,
  en: english,
  es: spanish,
  fr: french,
  pt: portuguese,
};

const lexicons = new Map<string, Lexicon>();

/** A language without a list uses the English words; digits and single letters are recognised in all. */
function lexiconOf(language: string): Lexicon {
  const code = language.toLowerCase().split('-')[0]!;
  const key = languages[code] === undefined ? 'en' : code;
  const known = lexicons.get(key);
  if (known !== undefined) return known;
  const { subjects, requests, numbers } = languages[key]!;
  const lexicon = {
    subjects: subjects.map(wordsOf),
    requests: requests.map(wordsOf),
    numbers: new Set(numbers.flatMap(wordsOf)),
  };
  lexicons.set(key, lexicon);
  return lexicon;
}

export function isQuestion(text: string): boolean {
  return /[?？؟]["'”’)»]*\s*$/.test(text);
}

/** Whether the agent asks for something that will be dictated: a number, a name, an address. */
export function asksToDictate(text: string, language: string): boolean {
  const { subjects, requests } = lexiconOf(language);
  const words = wordsOf(text);
  if (contains(words, requests)) return true;
  return isQuestion(text) && contains(words, subjects);
}

/** Whether what the caller has said so far ends in digits, number words or letters, one after another. */
export function isDictating(text: string, language: string): boolean {
  const { numbers } = lexiconOf(language);
  const words = wordsOf(text.slice(-TAIL_CHARACTERS));
  if (LONG_NUMBER.test(words.at(-1) ?? '')) return true;
  const tail = words.slice(-DICTATED_PIECES);
  return tail.length === DICTATED_PIECES && tail.every((word) => PIECE.test(word) || numbers.has(word));
}

function contains(words: readonly string[], phrases: readonly (readonly string[])[]): boolean {
  return words.some((_, at) => phrases.some((phrase) => startsWithWords(words.slice(at), phrase)));
}
