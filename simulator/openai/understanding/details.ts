import { plain } from './intent.ts';

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const NUMBER = `(\\d{1,3}|${NUMBERS.slice(1).join('|')}|an?|another|the|some|a couple of|a dozen|a pair of)`;

/** How many of a thing, by the word before its name; 1 where none is said. */
export function findQuantity(said: string, name: string): number {
  const head = escaped(plain(name)).replace(/s$/, '');
  const words = head.split(' ');
  const tail = words.at(-1)!;
  const match =
    new RegExp(`\\b${NUMBER}(?: of (?:the|your|those))? (?:[\\w'-]+ ){0,3}?${head}`).exec(plain(said)) ??
    new RegExp(`\\b${NUMBER}(?: of (?:the|your|those))? (?:[\\w'-]+ ){0,3}?${tail}`).exec(plain(said));
  const [, word] = match ?? [];
  if (word === undefined) return 1;
  if (/^\d/.test(word)) return Number(word);
  if (word === 'a couple of' || word === 'a pair of') return 2;
  if (word === 'a dozen') return 12;
  return Math.max(1, NUMBERS.indexOf(word));
}

const NOT_NAMES =
  /^(yes|yeah|no|sure|okay|ok|hello|hi|please|thanks|thank|it|its|it's|that|the|a|an|my|calling|looking|trying|wondering|having|not|just|sorry|here|afraid|still|going|in|at|on|for|about|i|i'm|i'd|and|so|well|um|uh|good|great|fine|name|is|this)$/i;

/** The name somebody gives; `isAsked`: the answer to "May I have your name?" may be the name alone. */
export function findName(said: string, isAsked: boolean): string | undefined {
  const text = said.replaceAll(/[’`]/g, "'");
  const answer =
    /\b(?:[Mm]y (?:full )?name(?:'s| is)|[Tt]he name(?:'s| is)|[Nn]ame's)\s+([\p{L}'-]+(?:\s+[\p{L}'-]+){0,2})/u.exec(
      text,
    )?.[1] ??
    /\b(?:[Tt]his is|I'm|I am|[Ii]t's|[Ii]t is|under)\s+((?:\p{Lu}[\p{L}'-]+)(?:\s+\p{Lu}[\p{L}'-]+){0,2})/u.exec(
      text,
    )?.[1];
  const cleaned = answer && withoutTail(answer);
  if (cleaned) return cleaned;
  if (!isAsked) return undefined;
  const words = text
    .replaceAll(/[^\p{L}' -]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '' && !NOT_NAMES.test(word));
  return words.length > 0 && words.length <= 4 ? titled(words.slice(0, 3)) : undefined;
}

/** "Sam Taylor and I" is Sam Taylor; "Tuesday" is nobody. */
function withoutTail(answer: string): string | undefined {
  const words = answer.split(/\s+/);
  const end = words.findIndex((word) => NOT_NAMES.test(word));
  const name = end === -1 ? words : words.slice(0, end);
  const isDay = /^(mon|tues|wednes|thurs|fri|satur|sun)day$|^(today|tomorrow|two|three|one)$/i.test(
    name[0] ?? '',
  );
  return name.length > 0 && !isDay ? titled(name) : undefined;
}

function titled(words: readonly string[]): string {
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join(' ');
}

const DIGIT_WORDS: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
};

/** A reference such as `T-1042`, also spelt out: "T one oh four two". At least three figures make one. */
export function findReference(said: string): string | undefined {
  const spelt = said
    .split(/[\s,.]+/)
    .map((word) => DIGIT_WORDS[word.toLowerCase()] ?? word)
    .join(' ')
    // A letter O inside a row of figures is a nought; in front of them it is the letter of an order.
    .replaceAll(/(?<=\d )o(?= \d)/gi, '0')
    .replaceAll(/(\d) (?=\d)/g, '$1');
  const match = /\b(?:([A-Za-z]{1,4})[ -]?)?(\d{3,8})\b/.exec(spelt);
  if (!match) return undefined;
  const [, letters, digits] = match;
  const isPrefix = letters !== undefined && (letters.length === 1 || letters === letters.toUpperCase());
  return isPrefix ? `${letters.toUpperCase()}-${digits}` : digits;
}

/** The first of `named` that is mentioned: by its whole name, else by its most telling word. */
export function findMentioned<Item>(
  said: string,
  items: readonly Item[],
  named: (item: Item) => string,
): Item | undefined {
  return findAllMentioned(said, items, named)[0];
}

/** Everything that is mentioned, by whole names and by words that only one of the names has. */
export function findAllMentioned<Item>(
  said: string,
  items: readonly Item[],
  named: (item: Item) => string,
): Item[] {
  const text = singular(said);
  const isWhole = (item: Item) => named(item) !== '' && text.includes(singular(named(item)));
  const whole = items.filter(isWhole);
  const taken = new Set(whole.flatMap((item) => wordsOf(named(item))));
  const heard = new Set(text.split(' ').filter((word) => !taken.has(word)));
  const partly = items.filter((item) => !whole.includes(item) && hasOwnWord(item, items, named, heard));
  return [...whole, ...partly];
}

/** "Haircut" among a women's and a men's haircut says nothing yet. */
function hasOwnWord<Item>(
  item: Item,
  items: readonly Item[],
  named: (item: Item) => string,
  heard: ReadonlySet<string>,
): boolean {
  const others = new Set(items.filter((other) => other !== item).flatMap((other) => wordsOf(named(other))));
  return wordsOf(named(item)).some((word) => heard.has(word) && !others.has(word));
}

function wordsOf(name: string): string[] {
  return singular(name)
    .split(' ')
    .filter((word) => word.length > 2 && !/^(and|the|for|with|our|per)$/.test(word));
}

function singular(text: string): string {
  return ` ${plain(text)
    .replaceAll(/[^\p{L}\p{N}' ]/gu, ' ')
    .replaceAll(/'s\b/g, '')
    .replaceAll(/(\p{L}{2,}[^s\P{L}])s\b/gu, '$1')
    .replaceAll(/\s+/g, ' ')} `;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Seven figures or more, however grouped. */
export function findPhone(said: string): string | undefined {
  const spelt = said
    .split(/\s+/)
    .map((word) => DIGIT_WORDS[word.toLowerCase().replaceAll(/[.,]/g, '')] ?? word)
    .join(' ');
  const digits = /\+?\d(?:[\s().,-]*\d){6,14}/.exec(spelt)?.[0];
  return digits && (digits.startsWith('+') ? '+' : '') + digits.replaceAll(/\D/g, '');
}
