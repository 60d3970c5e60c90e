import { asksToDictate, isDictating, isQuestion } from './dictation.ts';
import { PATIENT_END_OF_TURN_THRESHOLD, PATIENT_END_OF_TURN_TIMEOUT_MS } from './timing.ts';
import type { Endpointing, ReplyKind } from './turn-event.ts';
import { step, type TurnState, type TurnStep } from './turn-state.ts';

/** How long a pause may be before the recogniser takes the turn for over: longer while something is dictated [T37]. */
export function endpointingOf({ settings, isPatient }: TurnState): Endpointing {
  const { endOfTurnThreshold, endOfTurnTimeoutMs } = settings;
  if (!isPatient) return { endOfTurnThreshold, endOfTurnTimeoutMs };
  return {
    endOfTurnThreshold: Math.max(endOfTurnThreshold, PATIENT_END_OF_TURN_THRESHOLD),
    endOfTurnTimeoutMs: Math.max(endOfTurnTimeoutMs, PATIENT_END_OF_TURN_TIMEOUT_MS),
  };
}

/** Looked at after every event; a change is a decision, so that the recogniser hears of it once. */
export function tuneEndpointing(before: TurnStep): TurnStep {
  const isPatient = expectsDictation(before.state);
  if (isPatient === before.state.isPatient) return before;
  const state = { ...before.state, isPatient };
  return step(state, ...before.decisions, { type: 'set-endpointing', endpointing: endpointingOf(state) });
}

function expectsDictation({ reply, spoken, caller, isPatient, language }: TurnState): boolean {
  // Only what is heard changes what the caller will say: while an answer is prepared he may still be dictating.
  if (reply.phase === 'speaking' || reply.phase === 'paused') {
    return asksQuestions(reply.kind) ? spoken.asksToDictate : isPatient;
  }
  return isPatient || (caller.phase === 'speaking' && isDictating(caller.text, language));
}

/** "Are you still there?" leaves the question before it open. */
function asksQuestions(kind: ReplyKind): boolean {
  return kind === 'greeting' || kind === 'answer';
}

/** After one more piece of a reply: the last question counts, and what is said after it does not take it back. */
export function stillAsksToDictate(before: boolean, text: string, language: string): boolean {
  return asksToDictate(text, language) || (before && !isQuestion(text));
}
