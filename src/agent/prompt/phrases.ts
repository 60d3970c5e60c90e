import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { z } from 'zod';
import { baseLanguage } from './language.ts';

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
  // Spoken by the carrier, before there is a stream.
  'unknown-number',
  'busy',
  'not-in-service',
]);

/** Ready-made lines, kept as text in prompts/phrases/<language>.json and pre-synthesised per voice. */
export type PhraseName = z.infer<typeof phraseNameSchema>;

const phraseSchema = z.record(phraseNameSchema, z.string().min(1));

const folder = new URL('../../../prompts/phrases/', import.meta.url);

const phrasesByLanguage: ReadonlyMap<string, Readonly<Record<PhraseName, string>>> = new Map(
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => [
      basename(file, '.json'),
      phraseSchema.parse(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))),
    ]),
);

/** The lines in a BCP 47 language, or in English where we have none in it. */
export function phrasesFor(language: string): Readonly<Record<PhraseName, string>> {
  return phrasesByLanguage.get(baseLanguage(language)) ?? phrasesByLanguage.get('en')!;
}
