/** A name as a search compares it: in lower case, without what recognisers and people write differently. */
export function nameKey(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** The same with the last word first, so that a family name is a beginning too. */
export function lastNameKey(name: string): string {
  const words = nameKey(name).split(' ');
  return [words.at(-1), ...words.slice(0, -1)].join(' ');
}
