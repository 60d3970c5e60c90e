import type { EndedReason } from '../call-record.ts';
import type { CallOutcome } from '../call.ts';

export interface SummaryFacts {
  readonly callerTurns: readonly string[];
  readonly outcomes: readonly CallOutcome[];
  /** References of what was made or changed: B-1001. */
  readonly references: readonly string[];
  readonly endedReason: EndedReason | null;
  readonly durationMs: number;
}

const outcomeWords: Readonly<Record<CallOutcome, string>> = {
  booked: 'an appointment was booked',
  'booking-moved': 'an appointment was moved',
  'booking-cancelled': 'an appointment was cancelled',
  ordered: 'an order was placed',
  'order-cancelled': 'an order was cancelled',
  'ticket-opened': 'a ticket was opened',
  'ticket-updated': 'a ticket was updated',
  'message-taken': 'a message was taken',
  transferred: 'the call was handed to a person',
  'answered-question': 'a question was answered',
  'no-conversation': 'nobody spoke',
};

const endedWords: Readonly<Record<EndedReason, string>> = {
  'caller-hung-up': 'The caller hung up',
  'agent-said-goodbye': 'They said goodbye',
  silence: 'The call ended in silence',
  'max-duration': 'The call reached its longest duration',
  transferred: 'The agent handed over',
  'transport-lost': 'The connection was lost',
  'transport-idle': 'The connection went quiet',
  'vendors-failed': 'A service the agent needs had failed',
  'never-connected': 'The call never connected',
  shutdown: 'The server was stopping',
  'server-lost': 'The server was lost',
  'ended-by-request': 'The call was ended from the console',
  'internal-error': 'A mistake of the server ended the call',
};

// Greetings and "yes" say little; the first turn of several words usually says why somebody calls.
const tellingWords = 4;
const maxQuoteCharacters = 160;

/** What the call was about, taken from what was said and done. */
export function summariseCall(facts: SummaryFacts): string {
  const quote = tellingTurn(facts.callerTurns);
  const asked = quote === undefined ? '' : `The caller said: “${shortened(quote)}” `;
  const done = sentence(facts.outcomes.map((outcome) => outcomeWords[outcome]).join(', '));
  const references = facts.references.length === 0 ? '' : ` (${facts.references.join(', ')})`;
  const ended = facts.endedReason === null ? 'The call ended' : endedWords[facts.endedReason];
  return `${asked}${done}${references}. ${ended} after ${spokenDuration(facts.durationMs)}.`;
}

function tellingTurn(turns: readonly string[]): string | undefined {
  return turns.find((text) => text.trim().split(/\s+/).length >= tellingWords) ?? turns[0];
}

function shortened(text: string): string {
  const plain = text.trim().replaceAll(/\s+/g, ' ');
  if (plain.length <= maxQuoteCharacters) return plain;
  const cut = plain.slice(0, maxQuoteCharacters);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), 1))}…`;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function spokenDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
