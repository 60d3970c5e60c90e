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

/** The one reply outstanding: asked for, named, audible, over. What pauses and resumes it is in barge-in.ts. */

/** Whatever makes the session start a reply notes it here; nothing may be outstanding then. */
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

/** Cuts what is outstanding; what is not there needs no cut. */
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

/** The reply is over, for whatever reason: what was said stays known for a while, for its echo. */
export function endReply(state: TurnState, nowMs: number): TurnState {
  const spoken = isAudible(state) ? { ...state.spoken, endedAtMs: nowMs } : state.spoken;
  return { ...state, reply: { phase: 'none' }, spoken, quietSinceMs: nowMs };
}

export function isAudible(state: TurnState): boolean {
  return state.reply.phase === 'speaking' || state.reply.phase === 'paused';
}

/** The newest reply is the current one: the session never keeps two, so an older one has ended. */
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

/** More to say: an audible reply may take longer now. Text alone is no sound, so a silent one may not. */
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

/** Sound has reached the caller: of an answer's first words, or again after a filler. */
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
 * All was played. An answer that ended without a sound leaves the caller waiting: what follows it (a transfer, the
 * end) has a moment to begin, then there must be an apology.
 */
export function replyFinished(state: TurnState, nowMs: number): TurnState {
  const { reply } = state;
  const leftSilence = reply.phase === 'preparing' && reply.kind === 'answer';
  const ended = endReply(state, nowMs);
  return leftSilence ? { ...ended, soundOwedByMs: nowMs + MUTE_REPLY_GRACE_MS } : ended;
}

/** How long the agent will go on speaking, by the length of its text; for lack of better evidence. */
function remainingMs({ spoken }: TurnState, reply: AudibleReply, stillAtMs: number): number {
  return reply.audibleAtMs + spoken.characters * CHARACTER_MS - stillAtMs;
}

/** The agent has asked something and is done, or as good as done: now a small word is an answer [T17]. */
export function isQuestionAsked(state: TurnState, nowMs: number): boolean {
  const { reply, spoken } = state;
  if (!isQuestion(spoken.lastChunk)) return false;
  if (reply.phase !== 'speaking' && reply.phase !== 'paused') return false;
  const stillAtMs = reply.phase === 'paused' ? reply.pausedAtMs : nowMs;
  const shareMs = spoken.characters * CHARACTER_MS * QUESTION_END_SHARE;
  return remainingMs(state, reply, stillAtMs) <= Math.max(QUESTION_END_MS, shareMs);
}
