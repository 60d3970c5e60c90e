import { requestReply } from './reply.ts';
import { discardSpeculation, discardSpeculationUnless } from './speculation.ts';
import { MAX_TURN_CHARACTERS, MAX_TURN_WORDS } from './timing.ts';
import type { CallerWord } from './turn-event.ts';
import { step, type CallerWords, type CommittedTurn, type TurnState, type TurnStep } from './turn-state.ts';
import { mergeTexts } from './words.ts';

/** Commits a caller's turn, which is then recorded and answered. No reply may be outstanding. */
export function commitTurn(
  state: TurnState,
  said: CallerWords,
  source: 'speech' | 'digits',
  nowMs: number,
): TurnStep {
  const amended = unansweredTurn(state);
  const { text, words } = amended === undefined ? said : mergeTurns(amended, said);
  const { state: ready, decisions } =
    amended === undefined ? discardSpeculationUnless(state, text) : discardSpeculation(state);
  const committed = requestReply(ready, 'answer', nowMs);
  return step(
    {
      ...committed,
      speculation: { phase: 'none' },
      lastTurn: { text, words, committedAtMs: nowMs, isAnswered: false, hasUsedTool: false },
      reprompts: 0,
      apologies: 0,
      hasAskedToRepeat: false,
    },
    ...decisions,
    {
      type: 'commit-turn',
      text,
      words,
      source,
      useSpeculation: ready.speculation.phase === 'running',
      amendsTurn: amended !== undefined,
    },
  );
}

/** The caller's last turn if it can still be changed: no answer was heard and no tool has acted on it. */
export function unansweredTurn({ lastTurn }: TurnState): CommittedTurn | undefined {
  return lastTurn === undefined || lastTurn.isAnswered || lastTurn.hasUsedTool ? undefined : lastTurn;
}

/** The result is bounded, because a stuck recogniser may repeat text for minutes. */
export function mergeTurns(first: CallerWords, second: CallerWords): CallerWords {
  const text = mergeTexts(first.text, second.text).slice(0, MAX_TURN_CHARACTERS);
  // Timed words are merged like the text: the second replaces the first, or follows it.
  const words: readonly CallerWord[] =
    text === second.text && second.words.length > 0 ? second.words : [...first.words, ...second.words];
  return { text, words: words.slice(0, MAX_TURN_WORDS) };
}
