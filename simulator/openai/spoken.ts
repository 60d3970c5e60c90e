import type { Item } from './results.ts';
import { findText } from './results.ts';

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

export function spokenNumber(value: number): string {
  if (value < 20) return SMALL[value] ?? String(value);
  if (value < 100) return TENS[Math.floor(value / 10)]! + (value % 10 === 0 ? '' : ` ${SMALL[value % 10]}`);
  if (value < 1_000) return within(value, 100, 'hundred', ' and ');
  return value < 1_000_000 ? within(value, 1_000, 'thousand', ' ') : String(value);
}

function within(value: number, unit: number, name: string, joint: string): string {
  const rest = value % unit;
  return `${spokenNumber(Math.floor(value / unit))} ${name}${rest === 0 ? '' : joint + spokenNumber(rest)}`;
}

/** `T-1042` letter by letter and figure by figure: T, one zero, four two. */
export function spokenReference(reference: string): string {
  const parts = reference.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  return parts.map(spell).join(', ');
}

function spell(part: string): string {
  return /^\d+$/.test(part) ? inPairs(part) : Array.from(part.toUpperCase()).join(' ');
}

function inPairs(digits: string): string {
  const pairs = digits.length % 2 === 0 ? digits.match(/../g) : [digits];
  return (pairs ?? []).map((pair) => Array.from(pair, (digit) => SMALL[Number(digit)]).join(' ')).join(', ');
}

/** On the twelve-hour clock, as people say it. */
export function spokenTime(hour: number, minute: number): string {
  if (hour === 12 && minute === 0) return 'noon';
  switch (minute) {
    case 0:
      return `${hourName(hour)} o'clock`;
    case 15:
      return `quarter past ${hourName(hour)}`;
    case 30:
      return `half past ${hourName(hour)}`;
    case 45:
      return `quarter to ${hourName(hour + 1)}`;
    default:
      return `${hourName(hour)} ${minute < 10 ? 'oh ' : ''}${spokenNumber(minute)}`;
  }
}

function hourName(hour: number): string {
  return SMALL[((hour + 11) % 12) + 1]!;
}

export function spokenList(items: readonly string[], joint: 'and' | 'or'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${joint} ${items.at(-1)}`;
}

const CURRENCIES: Readonly<Record<string, readonly [one: string, many: string]>> = {
  USD: ['dollar', 'dollars'],
  EUR: ['euro', 'euros'],
  GBP: ['pound', 'pounds'],
  $: ['dollar', 'dollars'],
  '€': ['euro', 'euros'],
  '£': ['pound', 'pounds'],
};

/** The price in an item, from minor units and a currency or from a text such as `$24.50`; undefined without one. */
export function spokenPrice(item: Item, name: RegExp): string | undefined {
  const minor = Object.entries(item).find(
    ([key, value]) => name.test(key) && /(minor|cents)$/i.test(key) && typeof value === 'number',
  );
  if (minor) return spokenMoney(Number(minor[1]), findText(item, /currency$/i) ?? 'USD');
  const text = findText(item, name);
  if (text === undefined) return undefined;
  const [, sign, whole, fraction = '0'] = /([$€£]|\b[A-Z]{3}\b)\s?(\d+)(?:\.(\d{2}))?/.exec(text) ?? [];
  if (whole !== undefined) return spokenMoney(Number(whole) * 100 + Number(fraction), sign!);
  const [, amount, cents = '0', code] = /(\d+)(?:\.(\d{2}))?\s?([A-Z]{3})\b/.exec(text) ?? [];
  return amount === undefined ? text : spokenMoney(Number(amount) * 100 + Number(cents), code!);
}

export function spokenMoney(minor: number, currency: string): string {
  const [one, many] = CURRENCIES[currency.toUpperCase()] ?? [currency, currency];
  const whole = Math.floor(minor / 100);
  const rest = minor % 100;
  const main = `${spokenNumber(whole)} ${whole === 1 ? one : many}`;
  return rest === 0 ? main : `${main} ${spokenNumber(rest)}`;
}

/** A service or product inside a sentence: `Women's haircut` becomes `women's haircut`, `DVD` stays. */
export function inSentence(name: string): string {
  return /^[A-Z][a-z]/.test(name) ? name[0]!.toLowerCase() + name.slice(1) : name;
}

export function withArticle(name: string): string {
  const plain = inSentence(name);
  return /^(a|an|the|my|our) /i.test(plain) ? plain : `${/^[aeiou]/i.test(plain) ? 'an' : 'a'} ${plain}`;
}
