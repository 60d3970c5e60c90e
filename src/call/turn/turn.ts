/** Turn-taking: a pure function decides from events who has the floor (see RULES.md). */
export { smallWordLanguages } from './backchannel.ts';
export type { CallerWord, Endpointing, ReplyKind, TurnDecision, TurnEvent } from './turn-event.ts';
export { type TurnState, decideTurn, initialTurnState, nextDeadlineMs } from './turn-taking.ts';
export { startsWithWords, wordsOf } from './words.ts';
