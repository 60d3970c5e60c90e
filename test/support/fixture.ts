import { readFileSync } from 'node:fs';

/** The lines of a recorded exchange, one vendor message each. */
export function fixtureLines(path: string): readonly string[] {
  const url = new URL(`../fixtures/${path}`, import.meta.url);
  return readFileSync(url, 'utf8').trimEnd().split('\n');
}
