import { interruptReply, isAudible, requestReply } from './reply.ts';
import { sayGoodbye } from './silence.ts';
import { discardSpeculation } from './speculation.ts';
import { LAST_SENTENCE_MS } from './timing.ts';
import { andThen, isFloorFree, stay, step, type TurnState, type TurnStep } from './turn-state.ts';

/** Limits the length of a call to the tenant's setting, without cutting a sentence [T28, T29]. */

/** The announcement of the end waits for a free floor; without one, only the goodbye is said. */
export function wrapUpDeadlineMs(state: TurnState): number | undefined {
  const { phase, settings, isWrapUpSaid, voice } = state;
  if (phase.name !== 'live' || isWrapUpSaid || voice.isActive || !isFloorFree(state)) return undefined;
  // A wrap-up longer than half the maximum length is announced at half the length.
  const wrapUpMs = Math.min(settings.wrapUpMs, settings.maxCallMs / 2);
  return phase.openedAtMs + settings.maxCallMs - wrapUpMs;
}

export function wrapUp(state: TurnState, nowMs: number): TurnStep {
  const deadlineMs = wrapUpDeadlineMs(state);
  if (deadlineMs === undefined || nowMs < deadlineMs) return stay(state);
  const said = requestReply({ ...state, isWrapUpSaid: true }, 'wrap-up', nowMs);
  return step(said, { type: 'say', kind: 'wrap-up', attempt: 1 });
}

export function callLimitDeadlineMs({ phase, settings }: TurnState): number | undefined {
  if (phase.name === 'live') return phase.openedAtMs + settings.maxCallMs;
  return phase.name === 'closing' ? phase.sinceMs + LAST_SENTENCE_MS : undefined;
}

/** Stops answering turns; a sentence in progress may end. */
export function startClosing(state: TurnState, nowMs: number): TurnStep {
  const deadlineMs = callLimitDeadlineMs(state);
  if (state.phase.name !== 'live' || deadlineMs === undefined || nowMs < deadlineMs) return stay(state);
  const { openedAtMs } = state.phase;
  return discardSpeculation({ ...state, phase: { name: 'closing', openedAtMs, sinceMs: nowMs } });
}

/** Says goodbye once no sentence is in progress, or one has lasted too long. */
export function closeCall(state: TurnState, nowMs: number): TurnStep {
  if (state.phase.name !== 'closing') return stay(state);
  const isPatient = nowMs < state.phase.sinceMs + LAST_SENTENCE_MS;
  const isSomeoneSpeaking = isAudible(state) || state.caller.phase === 'speaking';
  if (isPatient && (isSomeoneSpeaking || state.tools.running > 0)) return stay(state);
  const cut = interruptReply({ ...state, caller: { phase: 'silent' } }, 'time-limit', nowMs);
  return andThen(cut, (next) => sayGoodbye(next, 'max-duration', nowMs));
}
