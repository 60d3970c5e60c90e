import type { Desk, Move } from '../desk.ts';
import type { Failure } from '../exchanges.ts';
import { isNo } from '../understanding/intent.ts';

export const ANYTHING_ELSE = 'Is there anything else I can do for you?';

/** What is said when a tool has failed. */
export function explain(failure: Failure, desk: Desk): Move {
  switch (failure.kind) {
    case 'unreachable': {
      const help = desk.offers('take_message')
        ? ' Shall I take a message?'
        : ' Could you call again a little later?';
      return { text: `I'm sorry, I can't reach our system just now.${help}` };
    }
    case 'unsettled':
      return { text: `That is still going through. We will confirm it to you. ${ANYTHING_ELSE}` };
    case 'refused':
      return { text: `I'm sorry, that isn't possible. ${firstSentence(failure.reason)}`.trim() };
    default:
      return failure.kind satisfies never;
  }
}

/** The part for people: the first sentence, without brackets and without parts for programs. */
function firstSentence(reason: string): string {
  const [sentence = ''] = reason.replaceAll(/\s*\([^)]*\)/g, '').split(/(?<=[.!?])\s/);
  return /[{}_]|^error/i.test(sentence) ? '' : sentence;
}

/** Asks the caller to confirm a plan; undefined if they have just agreed to it. */
export function confirm(desk: Desk, plan: string, question: string): Move | undefined {
  if (desk.isConfirmed) return undefined;
  const { current } = desk;
  const wasAsked = current !== undefined && /\bshall i\b/i.test(current.agentBefore);
  if (wasAsked && current && isNo(current.said) && current.said.split(' ').length <= 4)
    return { text: 'No problem. What would you like to change?' };
  return { text: `${plan} ${question}` };
}

export function cannot(desk: Desk, what: string): Move {
  const help = desk.offers('take_message')
    ? 'Shall I take a message?'
    : desk.offers('transfer_call')
      ? 'Shall I put you through to somebody?'
      : 'Is there anything else I can do for you?';
  return { text: `I'm afraid I can't ${what} from here. ${help}` };
}
