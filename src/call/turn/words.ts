import { fold } from '../../platform/process/text.ts';

/** How recognised text is compared: by its words alone, without case, accents and punctuation. */
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

/** One turn from two parts; a second part that repeats the first from its beginning replaces it. */
export function mergeTexts(first: string, second: string): string {
  if (startsWithWords(wordsOf(second), wordsOf(first))) return second;
  return `${first.trim()} ${second.trim()}`.trim();
}
