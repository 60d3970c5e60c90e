import { wordsOf } from '../../../platform/process/text.ts';

const longestWordChars = 40;
const mostWords = 500;

/** The distinct words of a ticket for search: lower case, without accents, up to a limit. */
export function ticketWords(...texts: readonly string[]): readonly string[] {
  const words = wordsOf(texts.join(' ')).map((word) => word.slice(0, longestWordChars));
  return [...new Set(words)].slice(0, mostWords);
}
