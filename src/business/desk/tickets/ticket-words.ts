const longestWordChars = 40;
const mostWords = 500;

/** The words a ticket is found by: lower case, without accents, each once. Beyond the bound a text is a file. */
export function wordsOf(...texts: readonly string[]): readonly string[] {
  const words = texts
    .join(' ')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.slice(0, longestWordChars));
  return [...new Set(words)].slice(0, mostWords);
}
