import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { z } from 'zod';
import { baseLanguage } from './language.ts';

/**
 * Reads prompts/<folder>/<language>.json once. The result gives the content for a BCP 47 language, and the English
 * one for a language that has no file.
 */
export function readByLanguage<Content>(
  folder: string,
  schema: z.ZodType<Content>,
): (language: string) => Content {
  const path = new URL(`../../../prompts/${folder}/`, import.meta.url);
  const contents: ReadonlyMap<string, Content> = new Map(
    readdirSync(path)
      .filter((file) => file.endsWith('.json'))
      .map((file) => [
        basename(file, '.json'),
        schema.parse(JSON.parse(readFileSync(new URL(file, path), 'utf8'))),
      ]),
  );
  return (language) => contents.get(baseLanguage(language)) ?? contents.get('en')!;
}
