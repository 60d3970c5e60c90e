import { asksToDictate, isDictating, isQuestion } from './dictation.ts';
import { PATIENT_END_OF_TURN_THRESHOLD, PATIENT_END_OF_TURN_TIMEOUT_MS } from './timing.ts';
import type { Endpointing, ReplyKind } from './turn-event.ts';
import { step, type TurnState, type TurnStep } from './turn-state.ts';

/** How long a pause may be before the recogniser ends the turn: longer during a dictation [T37]. */
export function endpointingOf({ settings, isPatient }: TurnState): Endpointing {
  const { endOfTurnThreshold, endOfTurnTimeoutMs } = settings;
  if (!isPatient) return { endOfTurnThreshold, endOfTurnTimeoutMs };
  return {
    endOfTurnThreshold: Math.max(endOfTurnThreshold, PATIENT_END_OF_TURN_THRESHOLD),
    endOfTurnTimeoutMs: Math.max(endOfTurnTimeoutMs, PATIENT_END_OF_TURN_TIMEOUT_MS),
  };
}

/** Runs after every event; only a change is a decision, so that the recogniser is configured once. */
export function tuneEndpointing(before: TurnStep): TurnStep {
  const isPatient = expectsDictation(before.state);
  if (isPatient === before.state.isPatient) return before;
  const state = { ...before.state, isPatient };
  return step(state, ...before.decisions, { type: 'set-endpointing', endpointing: endpointingOf(state) });
}

function expectsDictation({ reply, spoken, caller, isPatient, language }: TurnState): boolean {
  // Only audible text counts, because the caller may still be dictating while an answer is prepared.
  if (reply.phase === 'speaking' || reply.phase === 'paused') {
    return asksQuestions(reply.kind) ? spoken.asksToDictate : isPatient;
  }
  return isPatient || (caller.phase === 'speaking' && isDictating(caller.text, language));
}

/** A reprompt ("Are you still there?") leaves the previous question open. */
function asksQuestions(kind: ReplyKind): boolean {
  return kind === 'greeting' || kind === 'answer';
}

/** Updates the state with one more piece of a reply: the last question counts, even if statements follow it. */
export function stillAsksToDictate(before: boolean, text: string, language: string): boolean {
  return asksToDictate(text, language) || (before && !isQuestion(text));
}
