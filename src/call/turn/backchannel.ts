import {
  arabic,
  english,
  french,
  german,
  portuguese,
  type SmallWords,
  spanish,
} from './backchannels/backchannels.ts';
import { startsWithWords, wordsOf } from './words.ts';

type Phrase = readonly string[];
type Phrasebook = Readonly<Record<keyof SmallWords, readonly Phrase[]>>;

/** In a longer text a command word is more likely part of the content ("the bus stop"). */
const LONGEST_COMMAND_WORDS = 4;

const languages: Readonly<Record<string, SmallWords>> = {
  ar: arabic,
  de: german,
  en: english,
  es: spanish,
  fr: french,
  pt: portuguese,
};

/** Base languages with a list of their own. */
export const smallWordLanguages: readonly string[] = Object.keys(languages);

const phrasebooks = new Map<string, Phrasebook>();

/** A language without a list uses the English one, whose sounds ("mhm", "uh", "okay") are widely shared. */
function phrasebookOf(language: string): Phrasebook {
  const code = language.toLowerCase().split('-')[0]!;
  const known = phrasebooks.get(code);
  if (known !== undefined) return known;
  const { backchannels, commands, prompts } = languages[code] ?? english;
  const phrasebook = {
    backchannels: backchannels.map(wordsOf),
    commands: commands.map(wordsOf),
    prompts: prompts.map(wordsOf),
  };
  if (languages[code] === undefined) return phrasebook;
  phrasebooks.set(code, phrasebook);
  return phrasebook;
}

export type SmallTalk = 'backchannel' | 'prompt' | 'command' | 'undecided' | 'words';

/**
 * Classifies a text by its words alone. While it may still grow, the beginning of a known phrase is `undecided`:
 * "thank" may become "thank you" or "thank goodness, but".
 */
export function classifyWords(words: Phrase, language: string, isComplete: boolean): SmallTalk {
  const { backchannels, commands, prompts } = phrasebookOf(language);
  if (isCommand(words, commands)) return 'command';
  if (consistsOf(words, backchannels)) return 'backchannel';
  const expected = [...backchannels, ...prompts];
  if (consistsOf(words, expected)) return 'prompt';
  if (!isComplete && mayBecome(words, expected)) return 'undecided';
  return 'words';
}

function isCommand(words: Phrase, commands: readonly Phrase[]): boolean {
  if (commands.some((command) => startsWithWords(words, command))) return true;
  if (words.length > LONGEST_COMMAND_WORDS) return false;
  return words.some((_, i) => commands.some((command) => startsWithWords(words.slice(i), command)));
}

function consistsOf(words: Phrase, phrases: readonly Phrase[]): boolean {
  if (words.length === 0) return true;
  return phrases.some(
    (phrase) => startsWithWords(words, phrase) && consistsOf(words.slice(phrase.length), phrases),
  );
}

function mayBecome(words: Phrase, phrases: readonly Phrase[]): boolean {
  return phrases.some(
    (phrase) =>
      startsWithWords(phrase, words) ||
      (startsWithWords(words, phrase) && mayBecome(words.slice(phrase.length), phrases)),
  );
}
