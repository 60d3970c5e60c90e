import type { ReplyKind, TurnDecision } from './turn-event.ts';
import {
  CHARACTER_MS,
  CUT_TOOL_PATIENCE_MS,
  LIVENESS_CEILING_MS,
  LIVENESS_MS,
  MAX_SPOKEN_WORDS,
  MUTE_REPLY_GRACE_MS,
  QUESTION_END_MS,
  QUESTION_END_SHARE,
  SLOW_CHARACTER_MS,
} from './timing.ts';
import {
  nothingSpoken,
  stay,
  step,
  type AudibleReply,
  type SpokenText,
  type TurnState,
  type TurnStep,
} from './turn-state.ts';
import { isQuestion } from './dictation.ts';
import { stillAsksToDictate } from './patience.ts';
import { wordsOf } from './words.ts';

/** The life cycle of the one outstanding reply: requested, named, audible, ended. barge-in.ts pauses and resumes it. */

/** Marks a reply as requested. None may be outstanding. */
export function requestReply(state: TurnState, kind: ReplyKind, nowMs: number): TurnState {
  return {
    ...state,
    reply: { phase: 'requested', kind, ...silenceAllowed(nowMs) },
    soundOwedByMs: undefined,
  };
}

function silenceAllowed(sinceMs: number): { readonly deadlineAtMs: number; readonly ceilingAtMs: number } {
  return { deadlineAtMs: sinceMs + LIVENESS_MS, ceilingAtMs: sinceMs + LIVENESS_CEILING_MS };
}

/** Interrupts the outstanding reply, if there is one. */
export function interruptReply(
  state: TurnState,
  cause: Extract<TurnDecision, { type: 'interrupt-reply' }>['cause'],
  nowMs: number,
): TurnStep {
  if (state.reply.phase === 'none') return stay(state);
  const patienceUntilMs = Math.min(state.tools.patienceUntilMs, nowMs + CUT_TOOL_PATIENCE_MS);
  const tools = { ...state.tools, patienceUntilMs };
  return step({ ...endReply(state, nowMs), tools }, { type: 'interrupt-reply', cause });
}

/** Ends the reply, for whatever reason. Its text is kept for a while, to recognise its echo. */
export function endReply(state: TurnState, nowMs: number): TurnState {
  const spoken = isAudible(state) ? { ...state.spoken, endedAtMs: nowMs } : state.spoken;
  return { ...state, reply: { phase: 'none' }, spoken, quietSinceMs: nowMs };
}

export function isAudible(state: TurnState): boolean {
  return state.reply.phase === 'speaking' || state.reply.phase === 'paused';
}

/** The newest reply is the current one, because the session never has two. */
export function replyStarted(state: TurnState, replyId: string, kind: ReplyKind, nowMs: number): TurnState {
  const { deadlineAtMs, ceilingAtMs } =
    state.reply.phase === 'requested' ? state.reply : silenceAllowed(nowMs);
  return {
    ...state,
    reply: { phase: 'preparing', replyId, kind, deadlineAtMs, ceilingAtMs },
    spoken: nothingSpoken,
    soundOwedByMs: undefined,
  };
}

export function isCurrentReply({ reply }: TurnState, replyId: string): boolean {
  return reply.phase !== 'none' && reply.phase !== 'requested' && reply.replyId === replyId;
}

/** More text extends the deadline of an audible reply, but not of a silent one, because text is no sound. */
export function replyText(state: TurnState, text: string, nowMs: number): TurnState {
  const spoken: SpokenText = {
    words: [...state.spoken.words, ...wordsOf(text)].slice(-MAX_SPOKEN_WORDS),
    characters: state.spoken.characters + text.length,
    lastChunk: text.trim() === '' ? state.spoken.lastChunk : text.trim(),
    asksToDictate: stillAsksToDictate(state.spoken.asksToDictate, text, state.language),
    endedAtMs: undefined,
  };
  return renewSoundDeadline({ ...state, spoken }, nowMs);
}

/** Audio was sent to the caller: the first of a reply, or again after a filler. */
export function replyAudible(state: TurnState, nowMs: number): TurnState {
  const { reply } = state;
  if (reply.phase === 'none' || reply.phase === 'requested') return state;
  if (reply.phase !== 'preparing') return renewSoundDeadline(state, nowMs);
  const { replyId, kind } = reply;
  const { protectGreetingMs } = state.settings;
  const audible: AudibleReply = {
    replyId,
    kind,
    audibleAtMs: nowMs,
    soundSinceMs: nowMs,
    ...silenceAllowed(nowMs),
    protectedUntilMs: kind === 'greeting' && protectGreetingMs > 0 ? nowMs + protectGreetingMs : undefined,
    falsePauses: 0,
  };
  return renewSoundDeadline(
    {
      ...state,
      reply: { phase: 'speaking', ...audible },
      lastTurn: state.lastTurn && { ...state.lastTurn, isAnswered: true },
    },
    nowMs,
  );
}

function renewSoundDeadline(state: TurnState, nowMs: number): TurnState {
  const { reply } = state;
  if (reply.phase !== 'speaking' && reply.phase !== 'paused') return state;
  const spokenByMs = Math.max(nowMs, reply.audibleAtMs + state.spoken.characters * SLOW_CHARACTER_MS);
  return { ...state, reply: { ...reply, ...silenceAllowed(spokenByMs) } };
}

/**
 * All audio was played. If an answer ended without sound, the caller is still waiting: its action (a transfer, the end
 * of the call) must begin within a moment, or an apology follows.
 */
export function replyFinished(state: TurnState, nowMs: number): TurnState {
  const { reply } = state;
  const leftSilence = reply.phase === 'preparing' && reply.kind === 'answer';
  const ended = endReply(state, nowMs);
  return leftSilence ? { ...ended, soundOwedByMs: nowMs + MUTE_REPLY_GRACE_MS } : ended;
}

/** Estimates how long the agent will continue to speak, by the length of its text. */
function remainingMs({ spoken }: TurnState, reply: AudibleReply, stillAtMs: number): number {
  return reply.audibleAtMs + spoken.characters * CHARACTER_MS - stillAtMs;
}

/** True if the agent has asked a question and has nearly finished, so that a short word is an answer [T17]. */
export function isQuestionAsked(state: TurnState, nowMs: number): boolean {
  const { reply, spoken } = state;
  if (!isQuestion(spoken.lastChunk)) return false;
  if (reply.phase !== 'speaking' && reply.phase !== 'paused') return false;
  const stillAtMs = reply.phase === 'paused' ? reply.pausedAtMs : nowMs;
  const shareMs = spoken.characters * CHARACTER_MS * QUESTION_END_SHARE;
  return remainingMs(state, reply, stillAtMs) <= Math.max(QUESTION_END_MS, shareMs);
}
