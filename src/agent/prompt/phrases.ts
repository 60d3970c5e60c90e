import { z } from 'zod';
import { readByLanguage } from './by-language.ts';

const phraseNameSchema = z.enum([
  'one-moment',
  'still-working',
  'apology',
  'vendors-failed',
  'repeat-request',
  'reprompt-1',
  'reprompt-2',
  'goodbye-silence',
  'wrap-up',
  'goodbye-max-duration',
  'transferring',
  'transfer-failed',
  'shutdown',
  // The carrier's own voice speaks these, because there is no media stream yet.
  'unknown-number',
  'busy',
  'not-in-service',
]);

/** Ready-made lines, stored as text in prompts/phrases/<language>.json and pre-synthesised per voice. */
export type PhraseName = z.infer<typeof phraseNameSchema>;

const phraseSchema = z.record(phraseNameSchema, z.string().min(1));

/** The phrases in a BCP 47 language, or in English if there are none in it. */
export const phrasesFor: (language: string) => Readonly<Record<PhraseName, string>> = readByLanguage(
  'phrases',
  phraseSchema,
);
