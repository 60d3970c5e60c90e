import { fold } from '../../platform/process/text.ts';

/** The words of a text, without case, accents and punctuation, for comparing recognised text. */
export function wordsOf(text: string): readonly string[] {
  const plain = fold(text).replace(/['’ʼ`]/g, '');
  return plain.match(/[\p{L}\p{N}#*+]+/gu) ?? [];
}

export function isSameText(one: string, other: string): boolean {
  return wordsOf(one).join(' ') === wordsOf(other).join(' ');
}

export function startsWithWords(words: readonly string[], prefix: readonly string[]): boolean {
  return prefix.length <= words.length && prefix.every((word, i) => word === words[i]);
}

/** Merges two parts of a turn; a second part that begins with the first replaces it. */
export function mergeTexts(first: string, second: string): string {
  if (startsWithWords(wordsOf(second), wordsOf(first))) return second;
  return `${first.trim()} ${second.trim()}`.trim();
}
