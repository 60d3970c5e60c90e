import { commitTurn, mergeTurns } from './committing.ts';
import { interruptReply } from './reply.ts';
import { discardSpeculation } from './speculation.ts';
import { DIGITS_PAUSE_MS, MAX_DIGITS } from './timing.ts';
import { andThen, stay, type TurnState, type TurnStep } from './turn-state.ts';

/** DTMF digits are collected into one turn, up to `#` or a pause [T25]. */
export function digitPressed(state: TurnState, digit: string, nowMs: number): TurnStep {
  const pressed = state.digits?.digits ?? '';
  const isEnd = digit === '#';
  // A single `#` is an answer, as in "press pound to continue".
  const digits = isEnd && pressed !== '' ? pressed : `${pressed}${digit}`.slice(0, MAX_DIGITS);
  const collected = { ...state, digits: { digits, dueAtMs: isEnd ? nowMs : nowMs + DIGITS_PAUSE_MS } };
  return andThen(interruptForDigits(collected, nowMs), discardSpeculation);
}

/** A digit interrupts the agent at once, because it is intended. An answer that waits for a tool is silent already. */
function interruptForDigits(state: TurnState, nowMs: number): TurnStep {
  const isSilent = state.reply.phase === 'requested' || state.reply.phase === 'preparing';
  return isSilent && state.tools.running > 0 ? stay(state) : interruptReply(state, 'digit', nowMs);
}

export function digitsDeadlineMs({ digits, tools }: TurnState): number | undefined {
  return tools.running > 0 ? undefined : digits?.dueAtMs;
}

export function commitDigits(state: TurnState, nowMs: number): TurnStep {
  const dueAtMs = digitsDeadlineMs(state);
  if (state.digits === undefined || dueAtMs === undefined || nowMs < dueAtMs) return stay(state);
  const pressed = { text: state.digits.digits, words: [] };
  // Words held during a running tool ("my number is") belong to the digits.
  const said = state.held === undefined ? pressed : mergeTurns(state.held, pressed);
  const cut = interruptReply({ ...state, digits: undefined, held: undefined }, 'digit', nowMs);
  return andThen(cut, (next) => commitTurn(next, said, 'digits', nowMs));
}
