import { stay, step, type TurnState, type TurnStep } from './turn-state.ts';
import { isSameText } from './words.ts';

/** Speculation: a reply begun at an eager end of turn, held until the turn ends, and discarded if it continues. */

/** The recogniser believes the turn is over; a reply to these words may be prepared [T7]. */
export function speculate(state: TurnState, text: string): TurnStep {
  const { caller, speculation } = state;
  if (caller.phase !== 'speaking' || text.trim() === '') return stay(state);
  if (speculation.phase === 'running' && isSameText(speculation.text, text)) return stay(state);
  const dropped = discardSpeculation(state);
  if (!maySpeculate(state) || caller.speculations >= state.settings.maxSpeculations) return dropped;
  return step(
    {
      ...dropped.state,
      speculation: { phase: 'running', text },
      caller: { ...caller, speculations: caller.speculations + 1 },
    },
    ...dropped.decisions,
    { type: 'speculate', text },
  );
}

function maySpeculate({ phase, reply, tools, held, digits, lastTurn, soundOwedByMs }: TurnState): boolean {
  return (
    phase.name === 'live' &&
    reply.phase === 'none' &&
    tools.running === 0 &&
    held === undefined &&
    digits === undefined &&
    soundOwedByMs === undefined &&
    // A continued turn is answered as a whole, so a reply to its second half alone would be discarded.
    (lastTurn === undefined || lastTurn.isAnswered || lastTurn.hasUsedTool)
  );
}

export function discardSpeculation(state: TurnState): TurnStep {
  if (state.speculation.phase === 'none') return stay(state);
  return step({ ...state, speculation: { phase: 'none' } }, { type: 'discard-speculation' });
}

/** Discards the speculation if the words differ from those it answers. */
export function discardSpeculationUnless(state: TurnState, text: string): TurnStep {
  const { speculation } = state;
  const isStillTrue = speculation.phase === 'running' && isSameText(speculation.text, text);
  return isStillTrue ? stay(state) : discardSpeculation(state);
}
