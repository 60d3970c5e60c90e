import type { Desk, Move } from '../desk.ts';
import { findText, itemsOf, nameOf, type Item } from '../results.ts';
import { inSentence, spokenList, spokenNumber, spokenPrice, withArticle } from '../spoken.ts';
import { findMentioned } from '../understanding/details.ts';
import { plain } from '../understanding/intent.ts';
import { isObject } from '../../vendor-server.ts';
import { ANYTHING_ELSE, cannot } from './answering.ts';

const PRICE = /\b(how much|price|cost|charge)\b/;
const SERVICES = /\b(what|which)\b.*\bservices?\b|\bwhat can i book\b|\bdo you (repair|service|fix)\b/;
const PRODUCTS = /\bwhat\b.*\b(sell|products|in stock)\b|\bdo you (sell|have|stock)\b/;
const ALL = /\b(what|which) services\b|\bprice list\b/;
const ABOUT = /\b(know|tell me|information|interested|more)\b.*\b(about|in)\b/;
const HOURS = /\b(opening hours|open|close|closing|hours)\b/;
const TOLD_AT_ONCE = 4;
const WEEKDAY = /\b(mon|tues|wednes|thurs|fri|satur|sun)days?\b/i;
const PLACE = /\b(where are you|address|located|find you)\b/;

/** A question beside the matter: answered from the tools or the instructions; undefined when there is none. */
export function answerQuestion(desk: Desk): Move | undefined {
  const said = desk.current?.said ?? '';
  const text = plain(said);
  if (/\bhow are you\b/.test(text)) return { text: "I'm very well, thank you. How can I help you?" };
  if (/\bare you (a |an )?(robot|bot|machine|computer|ai|real|human|recording)\b/.test(text))
    return { text: "I'm the automated assistant here. What can I do for you?" };
  if (HOURS.test(text) && PRODUCTS.test(text))
    return both(openingHours(desk), answerFromLists(desk, said, ['list_products']));
  if (ALL.test(text)) return tellAll(desk, said);
  if (ABOUT.test(text)) return answerFromLists(desk, said, ['list_services', 'list_products']);
  if (PRICE.test(text))
    return answerFromLists(desk, said, ['list_services', 'list_products']) ?? answerFromDirectory(desk, text);
  if (SERVICES.test(text))
    return answerFromDirectory(desk, text) ?? answerFromLists(desk, said, ['list_services']);
  if (PRODUCTS.test(text)) return answerFromLists(desk, said, ['list_products', 'list_services']);
  if (HOURS.test(text)) return openingHours(desk);
  if (PLACE.test(text)) return address(desk);
  if (!/\?\s*$|^(what|when|where|who|how|do|does|is|are|can|will)\b/.test(text)) return undefined;
  return answerFromDirectory(desk, text) ?? answerFromKnowledge(desk, said);
}

/** Looks up what the instructions do not say, and answers with the first sentences of the best passage. */
function answerFromKnowledge(desk: Desk, said: string): Move | undefined {
  const run = desk.current?.runs.findLast(({ name }) => name === 'search_knowledge');
  if (run === undefined) {
    return desk.matter === undefined ? desk.use('search_knowledge', { question: said }) : undefined;
  }
  if (run.failure) return undefined;
  const isSure = isObject(run.result) && run.result['status'] === 'found';
  const passage = isSure ? findText(itemsOf(run.result)[0] ?? {}, /^text$/) : undefined;
  if (passage === undefined) return cannot(desk, 'tell you that');
  return {
    text: `${passage
      .split(/(?<=[.!?])\s+/)
      .slice(0, 2)
      .join(' ')} ${ANYTHING_ELSE}`,
  };
}

function answerFromLists(desk: Desk, said: string, tools: readonly string[]): Move | undefined {
  for (const tool of tools) {
    const items = desk.listed(tool);
    if (!items) {
      const look = desk.use(tool);
      if (look) return look;
      continue;
    }
    const item = findMentioned(said, items, nameOf);
    if (item) return { text: tellItem(item) };
  }
  const first = tools.map((tool) => desk.listed(tool)).find((items) => items && items.length > 0);
  return (
    first && {
      text: `We have ${spokenList(
        first.slice(0, 3).map((item) => inSentence(nameOf(item))),
        'and',
      )}. Which one interests you?`,
    }
  );
}

/** Everything that can be booked, and what was asked about in particular. */
function tellAll(desk: Desk, said: string): Move | undefined {
  const services = desk.listed('list_services');
  if (!services) return desk.use('list_services');
  const item = findMentioned(said.replaceAll(/\bservices\b/gi, ''), services, nameOf);
  const withPrices = !item && PRICE.test(plain(said));
  const names = services.slice(0, TOLD_AT_ONCE).map((service) => {
    const price = withPrices ? spokenPrice(service, /price/i) : undefined;
    return price === undefined
      ? withArticle(nameOf(service))
      : `${withArticle(nameOf(service))} for ${price}`;
  });
  const list = `We offer ${spokenList(names, 'and')}.`;
  return { text: item ? `${list} ${tellItem(item)}` : `${list} Which one interests you?` };
}

function both(first: Move, second: Move | undefined): Move {
  if (!second || second.call) return second ?? first;
  const [answer = ''] = first.text.split(/(?<=[.!])\s/);
  return { text: `${answer} ${second.text}` };
}

function tellItem(item: Item): string {
  const price = spokenPrice(item, /price/i);
  const minutes = Number(item['durationMinutes'] ?? 0);
  const length = minutes > 0 ? ` and takes ${spokenDuration(minutes)}` : '';
  const name = withArticle(nameOf(item));
  return `${name[0]!.toUpperCase()}${name.slice(1)} ${price ? `costs ${price}` : 'is available'}${length}. Would you like one?`;
}

function spokenDuration(minutes: number): string {
  if (minutes % 60 !== 0) return `${spokenNumber(minutes)} minutes`;
  return minutes === 60 ? 'an hour' : `${spokenNumber(minutes / 60)} hours`;
}

function openingHours(desk: Desk): Move {
  const passage = sentencesOf(desk.directory).find(
    (sentence) => HOURS.test(plain(sentence)) && WEEKDAY.test(sentence),
  );
  if (!passage)
    return {
      text: "I'm sorry, I don't have our opening hours at hand. Is there anything else I can help with?",
    };
  const hours = passage
    .replace(/^.*?\b(opening hours|hours)\b( are)?:?\s*/i, '')
    .replace(/^we('re| are) open:?\s*/i, '');
  return { text: `We're open ${hours.replace(/\.?$/, '.')} What else can I do for you?` };
}

function address(desk: Desk): Move {
  const place = /\bat (\d+ [A-Z][\w' ]*?(?:Street|Road|Avenue|Lane|Square|Way|Drive|Place))\b/.exec(
    desk.directory,
  )?.[1];
  return {
    text: place
      ? `We are at ${place}. What else can I do for you?`
      : "I'm sorry, I don't have the address at hand.",
  };
}

/** The sentence of the instructions that shares most words with the question; two at least. */
function answerFromDirectory(desk: Desk, question: string): Move | undefined {
  const asked = new Set(telling(question));
  let best: { sentence: string; score: number } | undefined;
  for (const sentence of sentencesOf(desk.directory)) {
    const score = new Set(telling(sentence).filter((word) => asked.has(word))).size;
    if (score >= 2 && score > (best?.score ?? 1)) best = { sentence, score };
  }
  return best && { text: `${best.sentence.replace(/\.?$/, '.')} Is there anything else?` };
}

/** What the business has written: not the rules for speaking, which come as lists, nor lines about the agent. */
function sentencesOf(directory: string): string[] {
  return directory
    .split('\n')
    .filter((line) => !/^\s*[-#*]|^You are\b/.test(line) || WEEKDAY.test(line))
    .flatMap((line) => line.replace(/^[-*] /, '').split(/(?<=[.!?])\s+/))
    .filter(
      (sentence) => sentence.length > 10 && !/^(open a ticket|take a message|ask for)\b/i.test(sentence),
    );
}

const COMMON =
  /^(what|when|where|which|with|have|that|this|your|you|the|and|for|are|can|does|will|from|there|about|would|like|please|they|them|how|much)$/;

function telling(text: string): string[] {
  return (plain(text).match(/[\p{L}]{3,}/gu) ?? [])
    .filter((word) => !COMMON.test(word))
    .map((word) => word.replace(/s$/, '').slice(0, 7));
}
