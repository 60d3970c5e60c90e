import { wordsOf } from '../../platform/process/text.ts';

/** A name as a search compares it: in lower case, without what recognisers and people write differently. */
export function nameKey(name: string): string {
  return wordsOf(name).join(' ');
}

/** The same with the last word first, so that a family name is a beginning too. */
export function lastNameKey(name: string): string {
  const words = name.trim().split(/\s+/);
  return nameKey([words.at(-1), ...words.slice(0, -1)].join(' '));
}
