import {
  hearWords,
  isProtected,
  judgeSpeech,
  resumeIfPaused,
  takesTheFloor,
  type Verdict,
} from './barge-in.ts';
import { commitTurn, mergeTurns, unansweredTurn } from './committing.ts';
import { interruptReply, isAudible } from './reply.ts';
import { endpointingOf } from './patience.ts';
import { discardSpeculation, discardSpeculationUnless, speculate } from './speculation.ts';
import {
  LATE_FINAL_MS,
  MAX_TURN_CHARACTERS,
  RECOGNITION_LAG_MS,
  REPEATED_FINAL_MS,
  STUCK_TURN_MARGIN_MS,
  STUCK_TURN_MS,
} from './timing.ts';
import type { TurnDecision } from './turn-event.ts';
import {
  andThen,
  stay,
  step,
  type CallerTurn,
  type CallerWords,
  type CommittedTurn,
  type TurnState,
  type TurnStep,
} from './turn-state.ts';
import { mergeTexts, startsWithWords, wordsOf } from './words.ts';

/** Endpointing: when the caller's turn, as the recogniser reports it, is over, and what happens to its words. */

type IgnoreReason = Extract<TurnDecision, { type: 'ignore-speech' }>['reason'];

/** Applies the text of an open turn. */
export function turnContinues(state: TurnState, text: string, nowMs: number): TurnStep {
  const { state: open, verdict } = openTurn(state, text, nowMs);
  return andThen(discardSpeculationUnless(open, text), (next) => hearWords(next, verdict, nowMs));
}

/** Applies an eager end of turn, which may still be resumed. */
export function turnEndedEagerly(state: TurnState, text: string, nowMs: number): TurnStep {
  const { state: open, verdict } = openTurn(state, text, nowMs);
  const heard = hearWords(open, verdict, nowMs);
  return verdict === 'echo' ? heard : andThen(heard, (next) => speculate(next, text));
}

export function turnResumed(state: TurnState, nowMs: number): TurnStep {
  const { caller } = state;
  const open =
    caller.phase === 'speaking' ? { ...state, caller: { ...caller, lastMessageAtMs: nowMs } } : state;
  return discardSpeculation(open);
}

function openTurn(state: TurnState, text: string, nowMs: number): { state: TurnState; verdict: Verdict } {
  const { caller } = state;
  const isOpen = caller.phase === 'speaking';
  // A turn begins with words, so empty text does not open one.
  if (!isOpen && wordsOf(text).length === 0) return { state, verdict: 'nothing' };
  const onsetAtMs = isOpen ? caller.onsetAtMs : speechOnset(state, nowMs);
  const verdict = judgeSpeech(state, text, onsetAtMs, false);
  const open: CallerTurn = {
    phase: 'speaking',
    text: text.slice(0, MAX_TURN_CHARACTERS),
    onsetAtMs,
    lastMessageAtMs: nowMs,
    speculations: isOpen ? caller.speculations : 0,
  };
  const isCaller = verdict !== 'echo' && verdict !== 'nothing';
  return { state: { ...state, caller: open, reprompts: isCaller ? 0 : state.reprompts }, verdict };
}

/** Voice activity gives the best onset, unless it has been active for so long that it may be another sound. */
function speechOnset({ voice }: TurnState, nowMs: number): number {
  const isRecent = nowMs - voice.onsetAtMs < LATE_FINAL_MS;
  return voice.isActive && isRecent ? voice.onsetAtMs : nowMs - RECOGNITION_LAG_MS;
}

/** When an open turn without updates is ended, which is later than the recogniser's own timeout [T12]. */
export function stuckTurnDeadlineMs(state: TurnState): number | undefined {
  if (state.caller.phase === 'silent') return undefined;
  const { endOfTurnTimeoutMs } = endpointingOf(state);
  return state.caller.lastMessageAtMs + Math.max(STUCK_TURN_MS, endOfTurnTimeoutMs + STUCK_TURN_MARGIN_MS);
}

export function endStuckTurn(state: TurnState, nowMs: number): TurnStep {
  if (state.caller.phase === 'silent') return stay(state);
  return turnEnded(state, { text: state.caller.text, words: [] }, nowMs);
}

export function turnEnded(state: TurnState, said: CallerWords, nowMs: number): TurnStep {
  const { caller, lastTurn } = state;
  const closed: TurnState = { ...state, caller: { phase: 'silent' }, quietSinceMs: nowMs };
  if (state.phase.name === 'closing') return ignore(closed, said.text, 'ending', nowMs);
  if (wordsOf(said.text).length === 0) return ignore(closed, said.text, 'empty', nowMs);
  const hadTurn = caller.phase === 'speaking';
  if (lastTurn !== undefined && isLateFinal(lastTurn, said.text, hadTurn, nowMs)) {
    return lateFinal(closed, lastTurn, said, nowMs);
  }
  const onsetAtMs = hadTurn ? caller.onsetAtMs : speechOnset(state, nowMs);
  const verdict = judgeSpeech(state, said.text, onsetAtMs, true);
  return verdict === 'echo'
    ? ignore(closed, said.text, 'echo', nowMs)
    : dispatchTurn(closed, said, verdict, nowMs);
}

function dispatchTurn(state: TurnState, said: CallerWords, verdict: Verdict, nowMs: number): TurnStep {
  if (state.reply.phase === 'none') return commitOrHold(state, said, nowMs);
  const isSmallTalk = verdict === 'backchannel' || verdict === 'prompt';
  const isShielded = isProtected(state) && verdict !== 'command';
  if (isShielded && isSmallTalk) return ignore(state, said.text, 'protected', nowMs);
  if (isShielded) return hold(state, said, nowMs);
  if (isAudible(state) ? !takesTheFloor(state, verdict, nowMs) : isSmallTalk) {
    return ignore(state, said.text, 'backchannel', nowMs);
  }
  if (state.tools.running > 0 && verdict !== 'command') return hold(state, said, nowMs);
  const cause = verdict === 'command' ? 'command' : isAudible(state) ? 'barge-in' : 'turn-continued';
  const cut = interruptReply(state, cause, nowMs);
  return andThen(cut, (next) => commitOrHold(next, said, nowMs));
}

function commitOrHold(state: TurnState, said: CallerWords, nowMs: number): TurnStep {
  return state.tools.running > 0 ? hold(state, said, nowMs) : commitTurn(state, said, 'speech', nowMs);
}

/** Holds words that cannot be answered yet; `commitHeldWords` commits them. */
function hold(state: TurnState, said: CallerWords, nowMs: number): TurnStep {
  const held = state.held === undefined ? said : mergeTurns(state.held, said);
  return andThen(discardSpeculation({ ...state, held }), (next) => resumeIfPaused(next, nowMs));
}

/** Commits held words once the tool or the protection of the greeting has ended [T14, T24]. */
export function commitHeldWords(state: TurnState, nowMs: number): TurnStep {
  const { held, reply, caller, tools, digits } = state;
  const isBusy = caller.phase === 'speaking' || tools.running > 0 || digits !== undefined;
  if (held === undefined || isBusy) return stay(state);
  const mayInterrupt = !isProtected(state) && (reply.phase === 'none' || reply.kind !== 'apology');
  if (reply.phase !== 'none' && !mayInterrupt) return stay(state);
  const cut = interruptReply(state, isAudible(state) ? 'barge-in' : 'turn-continued', nowMs);
  return andThen(cut, (next) => commitTurn({ ...next, held: undefined }, held, 'speech', nowMs));
}

/** Ignores these words; what they had paused resumes. */
function ignore(state: TurnState, text: string, reason: IgnoreReason, nowMs: number): TurnStep {
  const ignored = step(state, { type: 'ignore-speech', text, reason });
  return andThen(andThen(ignored, discardSpeculation), (next) =>
    andThen(resumeIfPaused(next, nowMs), (resumed) => answerAfterAll(resumed, nowMs)),
  );
}

/** Requests again an answer that was stopped, before it was heard, by words that were then ignored. */
export function answerAfterAll(state: TurnState, nowMs: number): TurnStep {
  const unanswered = unansweredTurn(state);
  const isWaiting =
    state.soundOwedByMs !== undefined || state.held !== undefined || state.digits !== undefined;
  if (unanswered === undefined || isWaiting || state.phase.name !== 'live') return stay(state);
  if (state.reply.phase !== 'none' || state.tools.running > 0) return stay(state);
  return commitTurn(state, unanswered, 'speech', nowMs);
}

/**
 * A final transcript without an open turn belongs to the last turn; with one, only if it repeats the last turn [T11].
 */
function isLateFinal(last: CommittedTurn, text: string, hadTurn: boolean, nowMs: number): boolean {
  const lateMs = nowMs - last.committedAtMs;
  const words = wordsOf(text);
  const lastWords = wordsOf(last.text);
  const extendsLast = startsWithWords(words, lastWords);
  if (hadTurn) return extendsLast && words.length === lastWords.length && lateMs <= LATE_FINAL_MS;
  return lateMs <= LATE_FINAL_MS || (extendsLast && lateMs <= REPEATED_FINAL_MS);
}

function lateFinal(state: TurnState, last: CommittedTurn, late: CallerWords, nowMs: number): TurnStep {
  const repeatsEnd = wordsOf(last.text).join(' ').endsWith(wordsOf(late.text).join(' '));
  if (repeatsEnd) return andThen(resumeIfPaused(state, nowMs), (next) => answerAfterAll(next, nowMs));
  const verdict = judgeSpeech(state, late.text, nowMs, true);
  const addsMeaning = verdict === 'words' || verdict === 'command';
  if (addsMeaning && unansweredTurn(state) !== undefined && state.tools.running === 0) {
    const cut = interruptReply(state, 'turn-continued', nowMs);
    return andThen(cut, (next) => commitTurn(next, late, 'speech', nowMs));
  }
  const text = mergeTexts(last.text, late.text).slice(0, MAX_TURN_CHARACTERS);
  const amended = step({ ...state, lastTurn: { ...last, text } }, { type: 'amend-turn', text });
  return andThen(amended, (next) => resumeIfPaused(next, nowMs));
}
