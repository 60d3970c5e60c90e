import type { Desk, Move } from '../desk.ts';
import { referenceOf } from '../results.ts';
import { spokenReference } from '../spoken.ts';
import { findReference } from '../understanding/details.ts';
import { isContinue, isPause, isYes, plain } from '../understanding/intent.ts';
import { ANYTHING_ELSE, cannot, confirm, explain } from './answering.ts';

const SUBJECT_WORDS = 8;

export function openTicket(desk: Desk): Move {
  const tool = 'create_ticket';
  if (!desk.offers(tool)) return cannot(desk, 'open a ticket');
  const done = desk.runs(tool, desk.since).at(-1);
  if (done) {
    const reference = referenceOf(done.result);
    const ending = reference ? ` The reference is ${spokenReference(reference)}.` : '';
    return { text: `I've opened a ticket for that.${ending} ${ANYTHING_ELSE}` };
  }
  if (desk.lastRun?.failure) return explain(desk.lastRun.failure, desk);
  const description = storyOf(desk);
  if (description === '') return { text: "I'm sorry to hear that. What exactly is the problem?" };
  const subject = subjectOf(description);
  return (
    sympathetic(desk.missingAboutCaller(tool)) ??
    confirm(desk, acknowledgement(desk), 'Shall I open a ticket for it?') ??
    desk.use(tool, { subject, description, message: description }) ??
    cannot(desk, 'open a ticket')
  );
}

export function updateTicket(desk: Desk): Move {
  const tool = 'update_ticket';
  if (!desk.offers(tool)) return cannot(desk, 'change a ticket');
  if (desk.runs(tool, desk.since).length > 0)
    return { text: `I've added that to your ticket. ${ANYTHING_ELSE}` };
  if (desk.lastRun?.failure) return explain(desk.lastRun.failure, desk);
  const created = desk.runs('create_ticket').at(-1) ?? desk.runs('find_ticket').at(-1);
  const reference = desk.latest(findReference) ?? referenceOf(created?.result);
  if (reference === undefined) return { text: 'What is the reference of your ticket, please?' };
  const comment = storyOf(desk);
  if (comment === '') return { text: 'What would you like me to add?' };
  return (
    desk.use(tool, { reference, comment, description: comment, note: comment }) ??
    cannot(desk, 'change a ticket')
  );
}

export function takeMessage(desk: Desk): Move {
  const tool = 'take_message';
  if (!desk.offers(tool)) return cannot(desk, 'take a message');
  if (desk.runs(tool, desk.since).length > 0)
    return { text: `They will get it right away. ${ANYTHING_ELSE}` };
  if (desk.lastRun?.failure) {
    return {
      text: `I could not file it just now, but it is noted and the team will see it. ${ANYTHING_ELSE}`,
    };
  }
  const message = storyOf(desk);
  if (message === '') return { text: 'Of course. What would you like me to pass on?' };
  const repeated = `I'll pass that on: ${message.replace(/[.!?\s]*$/, '.')}`;
  return (
    desk.missingAboutCaller(tool) ??
    desk.use(tool, { message, description: message, reason: message }, repeated) ??
    cannot(desk, 'take a message')
  );
}

const OPENERS =
  /^(hello|hi|hey|good (morning|afternoon|evening))[,.!]?\s*|^(yes|yeah|sure|ok|okay|please|thanks|thank you|well|um|uh)[,.!]?\s+|\b((can|could) (i|you) |then )?(please )?(leave|take) a message( for \w+)?[,.?!:]\s*|\b(please )?open a ticket( for (it|that))?[,.!]\s*|^there('s| is)( also)? (a|another) (problem|issue|complaint)[:,]\s*|\bi('d| would)? (like|want) to (leave a message|report a problem|open a ticket|make a complaint|add something to my ticket)( for \w+)?[,.]?\s*|\bi have (a|another) (problem|complaint|issue)[,.]?\s*$/gi;
const ANSWERS_TO = /\b(name|reference|number)\b[^.]*\?\s*$/i;

/** The caller's own words in this matter, without greetings and answers to our own questions. */
function storyOf(desk: Desk): string {
  const parts = desk.since
    .filter(({ agentBefore, said }, index) => {
      if (index > 0 && ANSWERS_TO.test(agentBefore) && plain(said).split(' ').length <= 8) return false;
      return !isPause(said) && !isContinue(said) && !(isYes(said) && said.split(' ').length <= 5);
    })
    .map(({ said }) => strip(said))
    .filter((said) => said.split(/\s+/).length >= 3);
  return parts.join(' ');
}

function strip(said: string): string {
  let text = said.replaceAll(/[’`]/g, "'").trim();
  for (let previous = ''; previous !== text;) {
    previous = text;
    text = text.replaceAll(OPENERS, '').trim();
  }
  return text;
}

function sympathetic(question: Move | undefined): Move | undefined {
  return question && { text: `I'm sorry to hear that. ${question.text}` };
}

function acknowledgement({ current }: Desk): string {
  const wasAsked = /\bshall i\b/i.test(current?.agentBefore ?? '');
  return wasAsked ? "Thank you, I've noted that." : "I'm sorry about that. I'll pass it on to the team.";
}

function subjectOf(description: string): string {
  const [sentence = ''] = description.split(/(?<=[.!?])\s/);
  const clause = sentence.split(/,| and | but | because | since /)[0]!;
  const words = (clause.includes(' ') ? clause : sentence).replace(/[.!?,\s]+$/, '').split(/\s+/);
  const subject = words.slice(0, SUBJECT_WORDS).join(' ');
  return subject.slice(0, 1).toUpperCase() + subject.slice(1);
}
