import type { ChatMessage, ChatRequest } from './chat-request.ts';
import { Desk, isSettled, SETTLED_BY, type Move } from './desk.ts';
import { referenceOf } from './results.ts';
import { ANYTHING_ELSE, explain } from './skills/answering.ts';
import { book } from './skills/booking.ts';
import { order } from './skills/ordering.ts';
import { APPOINTMENT, cancel, lookUp, moveBooking, ORDER, TICKET } from './skills/own-records.ts';
import { answerQuestion } from './skills/questions.ts';
import { openTicket, takeMessage, updateTicket } from './skills/tickets.ts';
import { transfer } from './skills/transfer.ts';
import { answerInForm, summarise } from './skills/writing.ts';
import { spokenReference } from './spoken.ts';
import {
  isContinue,
  isListening,
  isGoodbye,
  isNo,
  isPause,
  isWish,
  type Matter,
} from './understanding/intent.ts';

export interface Answer {
  readonly text: string;
  readonly calls: readonly {
    readonly id: string;
    readonly name: string;
    readonly arguments: Record<string, unknown>;
  }[];
}

/** Upper bound on tool calls per caller turn, against loops. */
const MAX_RUNS = 6;
const GREETING = 'Hello, thank you for calling. How can I help you?';
const GOODBYE = 'Thank you for calling. Goodbye!';

/**
 * The simulated model: a rule-based receptionist, in English. The answer is a pure function of the request:
 * instructions, the conversation with its tool results, and the available tools.
 */
export function answerAsReceptionist(request: ChatRequest): Answer {
  if (request.answerSchema) return { text: answerInForm(request.answerSchema, request.messages), calls: [] };
  const desk = new Desk(request);
  const isTask = request.tools.length === 0 && /\bsummar/i.test(desk.directory);
  if (isTask) return { text: summarise(request.messages), calls: [] };
  const move = required(request, desk) ?? decide(desk);
  const text = withoutSpoken(bringUpMissed(desk, move), request.messages);
  return { text, calls: move.call ? [{ id: callId(desk, request), ...move.call }] : [] };
}

function decide(desk: Desk): Move {
  const { current, matter } = desk;
  if (!current) return { text: GREETING };
  if (current.runs.length >= MAX_RUNS)
    return { text: "I'm sorry, I can't get that done just now. Shall I take a message?" };
  const ending = desk.runs('end_call', [current]).length > 0;
  if (ending) return { text: current.replied === '' ? GOODBYE : '' };
  if (isLeaving(desk)) return desk.use('end_call', {}, GOODBYE) ?? { text: GOODBYE };
  if (matter && isSettled(current, matter)) return pursue(desk, matter);
  if (isPause(current.said) && current.runs.length === 0) return { text: 'Of course, take your time.' };
  const question = answerQuestion(desk);
  if (question && matter && !question.call && !isOwnQuestion(desk))
    return besides(question, pursue(desk, matter));
  if (matter && !(question?.call && !isOwnQuestion(desk))) return pursue(desk, matter);
  return question ?? goOn(desk) ?? lookForWish(desk) ?? smallTalk(desk);
}

/** "When is my appointment?" is the matter itself, not a question beside it. */
function isOwnQuestion(desk: Desk): boolean {
  return desk.since.at(-1) === desk.since[0];
}

function besides(question: Move, next: Move): Move {
  if (next.call || next.text === '') return next;
  const [answer = ''] = question.text.split(/(?<=[.!])\s+(?=[^.!]*\?$)/);
  return { text: `${answer} ${next.text}` };
}

function pursue(desk: Desk, matter: Matter): Move {
  switch (matter) {
    case 'book':
      return book(desk);
    case 'move-booking':
      return moveBooking(desk);
    case 'cancel-booking':
      return cancel(desk, APPOINTMENT, SETTLED_BY[matter]);
    case 'order':
      return order(desk);
    case 'find-order':
      return lookUp(desk, ORDER);
    case 'cancel-order':
      return cancel(desk, ORDER, SETTLED_BY[matter]);
    case 'ticket':
      return openTicket(desk);
    case 'find-ticket':
      return lookUp(desk, TICKET);
    case 'update-ticket':
      return updateTicket(desk);
    case 'message':
      return takeMessage(desk);
    case 'transfer':
      return transfer(desk);
    default:
      return matter satisfies never;
  }
}

/** A goodbye, or a no to "anything else?"; not a "no, thank you" to something that is still being arranged. */
function isLeaving({ current, matter }: Desk): boolean {
  if (!current) return false;
  if (/\b(good ?bye|bye)\b/i.test(current.said)) return current.runs.length === 0;
  const isDone = matter === undefined;
  const wasAsked = /anything else|what else/i.test(current.agentBefore);
  return isDone && (isGoodbye(current.said) || (wasAsked && isNo(current.said)));
}

/** For a request such as "I need a tune-up" the catalogue decides what is meant. */
function lookForWish(desk: Desk): Move | undefined {
  const { current } = desk;
  if (!current || !isWish(current.said)) return undefined;
  return ['list_services', 'list_products']
    .filter((tool) => desk.listed(tool) === undefined)
    .map((tool) => desk.use(tool))
    .find(Boolean);
}

/** The reference of something that was done is still needed when the caller interrupted before hearing it. */
function bringUpMissed(desk: Desk, { text, call }: Move): string {
  const settled = settledBefore(desk);
  if (call || !desk.current?.wasInterrupted || !settled || !text.endsWith(ANYTHING_ELSE)) return text;
  const run = desk.runs(SETTLED_BY[settled], desk.exchanges.slice(-2, -1)).at(-1);
  const reference = run && referenceOf(run.result);
  if (!reference || desk.matter === settled) return text;
  const spoken = spokenReference(reference);
  if (text.includes(spoken) || desk.current.agentBefore.includes(spoken)) return text;
  const missed = `And your earlier reference is ${spoken}.`;
  return `${text.slice(0, -ANYTHING_ELSE.length)}${missed} ${ANYTHING_ELSE}`;
}

/** After "mm-hmm" in the middle of an answer, resumes where it was cut. */
function goOn(desk: Desk): Move | undefined {
  const { current } = desk;
  if (!current?.wasInterrupted || !(isListening(current.said) || isContinue(current.said))) return undefined;
  const { text, call } = decide(desk.before());
  if (call || !text.startsWith(current.agentBefore)) return undefined;
  return { text: isContinue(current.said) ? text : text.slice(current.agentBefore.length).trimStart() };
}

function smallTalk(desk: Desk): Move {
  const { current, lastRun } = desk;
  if (lastRun?.failure) return explain(lastRun.failure, desk);
  const said = current?.said.toLowerCase() ?? '';
  const settled = settledBefore(desk);
  // What the agent was saying when the caller interrupted may not have been heard.
  if (current?.wasInterrupted && settled) return pursue(desk.before(), settled);
  if (isContinue(said)) return { text: settled ? ANYTHING_ELSE : 'Sorry. How can I help you?' };
  if (/\b(thanks|thank you)\b/.test(said)) return { text: `You're welcome. ${ANYTHING_ELSE}` };
  if (/^(hello|hi|hey|good (morning|afternoon|evening)|can you hear me|are you there)\b/.test(said))
    return { text: 'Hello! How can I help you?' };
  if (/anything else|what else/i.test(current?.agentBefore ?? ''))
    return { text: 'Of course. What is it about?' };
  return { text: `Sorry, I didn't quite catch that. ${offerOf(desk)}` };
}

function settledBefore(desk: Desk): Matter | undefined {
  const before = desk.exchanges.at(-2);
  const matters = Object.keys(SETTLED_BY) as Matter[];
  return before && matters.find((matter) => isSettled(before, matter));
}

function offerOf(desk: Desk): string {
  const skills = [
    desk.offers('book_appointment') && 'book an appointment',
    desk.offers('create_order') && 'take an order',
    desk.offers('take_message') && 'take a message',
  ].filter((skill) => typeof skill === 'string');
  return skills.length > 0
    ? `I can ${skills.slice(0, 2).join(' or ')}. What can I do for you?`
    : 'How can I help you?';
}

/** `tool_choice` may insist on a tool. */
function required({ toolChoice, tools }: ChatRequest, desk: Desk): Move | undefined {
  if (typeof toolChoice === 'object') return desk.use(toolChoice.name);
  if (toolChoice !== 'required') return undefined;
  const move = decide(desk);
  return move.call ? move : desk.use(tools[0]!.name);
}

/** Deterministic, and different for each call of a conversation. */
function callId(desk: Desk, { messages }: ChatRequest): string {
  const made = messages.reduce(
    (count, message) => count + (message.role === 'assistant' ? message.toolCalls.length : 0),
    0,
  );
  return `call_${String(desk.exchanges.length).padStart(4, '0')}${String(made).padStart(4, '0')}`;
}

/** A reply that broke off is in the conversation already: only the rest is said. */
function withoutSpoken(text: string, messages: readonly ChatMessage[]): string {
  const last = messages.findLast(({ role }) => role !== 'system');
  if (last?.role !== 'assistant' || last.content === '') return text;
  const spoken = last.content.trim();
  return text.startsWith(spoken) ? text.slice(spoken.length).trimStart() : text;
}
