import { languagesIn } from './by-language.ts';

/** What is written for each language, by base language; English stands in for what is not. */
export const writtenLanguages = {
  prompt: languagesIn('system'),
  'chat-prompt': languagesIn('chat'),
  phrases: languagesIn('phrases'),
  'waiting-lines': languagesIn('tools'),
} as const;
