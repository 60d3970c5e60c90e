/** Words of dictation by language: digits, letters and signs. */
export { arabic } from './ar.ts';
export { german } from './de.ts';
export type { DictationWords } from './dictation-words.ts';
export { english } from './en.ts';
export { spanish } from './es.ts';
export { french } from './fr.ts';
export { portuguese } from './pt.ts';
