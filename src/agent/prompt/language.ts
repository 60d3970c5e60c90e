/** The base language of a tag, `en` of `en-US`; prompts and phrases are stored by it. */
export function baseLanguage(language: string): string {
  return language.split(/[-_]/, 1)[0]!.toLowerCase();
}
