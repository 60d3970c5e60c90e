import { wordsOf } from '../../platform/process/text.ts';

/** Normalises a name for search: lower case, without accents and punctuation. */
export function nameKey(name: string): string {
  return wordsOf(name).join(' ');
}

/** The same with the last word first, so that a prefix search finds family names too. */
export function lastNameKey(name: string): string {
  const words = name.trim().split(/\s+/);
  return nameKey([words.at(-1), ...words.slice(0, -1)].join(' '));
}
