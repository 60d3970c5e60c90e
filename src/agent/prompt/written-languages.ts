import { languagesIn } from './by-language.ts';

/** Base languages for which there are prompts and phrases; English is used for all others. */
export const writtenLanguages = {
  prompt: languagesIn('system'),
  'chat-prompt': languagesIn('chat'),
  phrases: languagesIn('phrases'),
  'waiting-lines': languagesIn('tools'),
} as const;
