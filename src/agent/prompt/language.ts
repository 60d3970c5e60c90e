/** `en` of `en-US`: what prompts and phrases are kept by. */
export function baseLanguage(language: string): string {
  return language.split(/[-_]/, 1)[0]!.toLowerCase();
}
