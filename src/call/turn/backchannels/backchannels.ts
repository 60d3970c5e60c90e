/** Backchannels ("mhm", "yes"), commands and prompts by language. */
export { arabic } from './ar.ts';
export { german } from './de.ts';
export { english } from './en.ts';
export { spanish } from './es.ts';
export { french } from './fr.ts';
export { portuguese } from './pt.ts';
export type { SmallWords } from './small-words.ts';
