import { readFileSync, readdirSync } from 'node:fs';
import { basename, parse } from 'node:path';
import type { z } from 'zod';
import { baseLanguage } from './language.ts';

/** The base languages for which prompts/<folder> holds a file. */
export function languagesIn(folder: string): readonly string[] {
  const path = new URL(`../../../prompts/${folder}/`, import.meta.url);
  return readdirSync(path).map((file) => parse(file).name);
}

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
