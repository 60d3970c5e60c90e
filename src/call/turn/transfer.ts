import { resumeIfPaused } from './barge-in.ts';
import { endReply } from './reply.ts';
import { discardSpeculation } from './speculation.ts';
import { andThen, stay, type TurnState, type TurnStep } from './turn-state.ts';

/** During a transfer no decisions are made; barge-in cannot cancel it [T34]. */
export function transferStarted(state: TurnState, nowMs: number): TurnStep {
  if (state.phase.name !== 'live' && state.phase.name !== 'closing') return stay(state);
  const { openedAtMs } = state.phase;
  const settled = andThen(discardSpeculation(state), (next) => resumeIfPaused(next, nowMs));
  return andThen(settled, (next) => stay(suspend(next, openedAtMs, nowMs)));
}

function suspend(state: TurnState, openedAtMs: number, nowMs: number): TurnState {
  return {
    ...endReply(state, nowMs),
    phase: { name: 'transferring', openedAtMs },
    caller: { phase: 'silent' },
    voice: { isActive: false, onsetAtMs: nowMs },
    // The transfer answers the last turn.
    lastTurn: state.lastTurn && { ...state.lastTurn, isAnswered: true },
    held: undefined,
    digits: undefined,
    tools: { ...state.tools, running: 0 },
    soundOwedByMs: undefined,
    // A recogniser opened after the transfer starts with the settings.
    isPatient: false,
  };
}

export function transferFailed(state: TurnState, nowMs: number): TurnStep {
  if (state.phase.name !== 'transferring') return stay(state);
  const { openedAtMs } = state.phase;
  return stay({ ...state, phase: { name: 'live', openedAtMs }, quietSinceMs: nowMs });
}
