import { wordsOf } from '../../../platform/process/text.ts';

const longestWordChars = 40;
const mostWords = 500;

/** The words a ticket is found by: lower case, without accents, each once. Beyond the bound a text is a file. */
export function ticketWords(...texts: readonly string[]): readonly string[] {
  const words = wordsOf(texts.join(' ')).map((word) => word.slice(0, longestWordChars));
  return [...new Set(words)].slice(0, mostWords);
}
