import { commitTurn } from './committing.ts';
import { answerAfterAll } from './endpointing.ts';
import { resumeIfPaused } from './barge-in.ts';
import { requestReply } from './reply.ts';
import { discardSpeculation } from './speculation.ts';
import { VOICE_WITHOUT_WORDS_MS } from './timing.ts';
import { andThen, isFloorFree, stay, step, type TurnState, type TurnStep } from './turn-state.ts';
import { wordsOf } from './words.ts';

/** Silence: the agent asks whether the caller is still there, and finally says goodbye [T26]. */

export function silenceDeadlineMs(state: TurnState): number | undefined {
  if (state.phase.name !== 'live' || !isFloorFree(state)) return undefined;
  const { voice, quietSinceMs, settings } = state;
  const sinceMs = voice.isActive
    ? Math.max(quietSinceMs, voice.onsetAtMs + VOICE_WITHOUT_WORDS_MS)
    : quietSinceMs;
  return sinceMs + settings.repromptAfterMs;
}

export function breakSilence(state: TurnState, nowMs: number): TurnStep {
  const deadlineMs = silenceDeadlineMs(state);
  if (deadlineMs === undefined || nowMs < deadlineMs) return stay(state);
  if (state.reprompts >= state.settings.maxReprompts) return sayGoodbye(state, 'silence', nowMs);
  const attempt = state.reprompts + 1;
  return step(requestReply({ ...state, reprompts: attempt }, 'reprompt', nowMs), {
    type: 'say',
    kind: 'reprompt',
    attempt,
  });
}

/** The last decision of the machine. No reply may be outstanding. */
export function sayGoodbye(state: TurnState, reason: 'silence' | 'max-duration', nowMs: number): TurnStep {
  const said = requestReply(
    { ...state, phase: { name: 'ending' }, held: undefined, digits: undefined },
    'goodbye',
    nowMs,
  );
  return step(said, { type: 'say-goodbye', reason });
}

/** Caller speech was lost by the recogniser [T27]. */
export function speechLost(state: TurnState, nowMs: number): TurnStep {
  const lostText = state.caller.phase === 'speaking' ? state.caller.text : '';
  const closed = discardSpeculation({ ...state, caller: { phase: 'silent' }, quietSinceMs: nowMs });
  return andThen(closed, (next) => {
    if (next.phase.name !== 'live') return stay(next);
    if (next.reply.phase !== 'none') return resumeIfPaused(next, nowMs);
    if (next.tools.running > 0 || next.held !== undefined) return stay(next);
    if (!next.hasAskedToRepeat) return askToRepeat(next, nowMs);
    // The caller was asked to repeat once already, so the part that was understood is answered.
    if (wordsOf(lostText).length === 0) return answerAfterAll(next, nowMs);
    return commitTurn(next, { text: lostText, words: [] }, 'speech', nowMs);
  });
}

function askToRepeat(state: TurnState, nowMs: number): TurnStep {
  const asked = requestReply({ ...state, hasAskedToRepeat: true }, 'repeat-request', nowMs);
  return step(asked, { type: 'say', kind: 'repeat-request', attempt: 1 });
}
