/** Prompts and phrases by language. */
export { assemblePrompt, fillVariables } from './assemble-prompt.ts';
export { readByLanguage } from './by-language.ts';
export { baseLanguage } from './language.ts';
export { type PhraseName, phrasesFor } from './phrases.ts';
export { writtenLanguages } from './written-languages.ts';
