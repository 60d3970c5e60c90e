import { classifyWords, type SmallTalk } from './backchannel.ts';
import { isEcho } from './echo.ts';
import { interruptReply, isQuestionAsked } from './reply.ts';
import { MAX_FALSE_PAUSES } from './timing.ts';
import { stay, step, type TurnState, type TurnStep } from './turn-state.ts';
import { wordsOf } from './words.ts';

/**
 * The caller makes himself heard while a reply is outstanding. Sound alone pauses it, words decide: they cut it, or it
 * goes on where the caller stopped hearing it.
 */

export type Verdict = SmallTalk | 'echo' | 'nothing';

/** What recognised text amounts to, given what the agent is saying. */
export function judgeSpeech(state: TurnState, text: string, onsetAtMs: number, isComplete: boolean): Verdict {
  const words = wordsOf(text);
  if (words.length === 0) return 'nothing';
  if (isEcho(state, words, onsetAtMs)) return 'echo';
  return classifyWords(words, state.language, isComplete);
}

/** The greeting's first moments, and everything when the tenant says so: only command words get through [T14]. */
export function isProtected({ reply, settings }: TurnState): boolean {
  if (reply.phase === 'none') return false;
  if (reply.phase === 'requested' || reply.phase === 'preparing') return reply.kind === 'greeting';
  return !settings.interruptible || reply.protectedUntilMs !== undefined;
}

export function voiceStarted(state: TurnState, nowMs: number): TurnStep {
  const onsetAtMs = nowMs - state.settings.pauseAfterSpeechMs;
  return pauseTentatively({ ...state, voice: { isActive: true, onsetAtMs } }, nowMs);
}

/** Somebody already began to speak when the reply became audible: he has the floor until it is clear what he wants. */
export function pauseIfSpokenOver(state: TurnState, nowMs: number): TurnStep {
  const { voice, lastTurn, settings } = state;
  const isNewSpeech = voice.isActive && voice.onsetAtMs > (lastTurn?.committedAtMs ?? -Infinity);
  const isNoise = nowMs - voice.onsetAtMs > settings.pauseAfterSpeechMs + settings.resumeAfterMs;
  return isNewSpeech && !isNoise ? pauseTentatively(state, nowMs) : stay(state);
}

function pauseTentatively(state: TurnState, nowMs: number): TurnStep {
  const { reply, settings } = state;
  if (reply.phase !== 'speaking' || state.phase.name !== 'live') return stay(state);
  if (isProtected(state) || reply.falsePauses >= MAX_FALSE_PAUSES) return stay(state);
  const resumeAtMs = nowMs + settings.resumeAfterMs;
  const resumeByMs = nowMs + 2 * settings.resumeAfterMs;
  return step(
    { ...state, reply: { ...reply, phase: 'paused', pausedAtMs: nowMs, resumeAtMs, resumeByMs } },
    { type: 'pause-playout' },
  );
}

export function resumeIfPaused(state: TurnState, nowMs: number): TurnStep {
  if (state.reply.phase !== 'paused') return stay(state);
  const { pausedAtMs, resumeAtMs: _, resumeByMs: __, ...reply } = state.reply;
  const pausedMs = nowMs - pausedAtMs;
  return step(
    {
      ...state,
      reply: {
        ...reply,
        phase: 'speaking',
        audibleAtMs: reply.audibleAtMs + pausedMs,
        soundSinceMs: nowMs,
        deadlineAtMs: reply.deadlineAtMs + pausedMs,
        ceilingAtMs: reply.ceilingAtMs + pausedMs,
        falsePauses: reply.falsePauses + 1,
      },
    },
    { type: 'resume-playout' },
  );
}

export function resumeDeadlineMs({ reply }: TurnState): number | undefined {
  return reply.phase === 'paused' ? reply.resumeAtMs : undefined;
}

/** Words that decide nothing yet: more may follow, so the pause lasts a little longer. */
function putOffResume(state: TurnState, nowMs: number): TurnStep {
  const { reply, settings } = state;
  if (reply.phase !== 'paused') return stay(state);
  const resumeAtMs = Math.min(reply.resumeByMs, nowMs + settings.resumeAfterMs);
  return stay({ ...state, reply: { ...reply, resumeAtMs } });
}

/** Words of a turn still going on, against whatever reply is outstanding. */
export function hearWords(state: TurnState, verdict: Verdict, nowMs: number): TurnStep {
  if (state.phase.name !== 'live') return stay(state);
  switch (state.reply.phase) {
    case 'none':
      return stay(state);
    case 'requested':
    case 'preparing':
      return interruptUnheard(state, verdict, nowMs);
    case 'speaking':
    case 'paused':
      return interruptHeard(state, verdict, nowMs);
    default:
      return state.reply satisfies never;
  }
}

/** Nothing was heard of the reply: the caller goes on with his turn. "Hello?" is not going on [T21]. */
function interruptUnheard(state: TurnState, verdict: Verdict, nowMs: number): TurnStep {
  // What a tool has done for the turn cannot be taken back; its answer is worth hearing first.
  if (state.tools.running > 0) return stay(state);
  if (verdict === 'command') return interruptReply(state, 'command', nowMs);
  if (verdict === 'words' && !isProtected(state)) return interruptReply(state, 'turn-continued', nowMs);
  return stay(state);
}

function interruptHeard(state: TurnState, verdict: Verdict, nowMs: number): TurnStep {
  if (verdict === 'command') return interruptReply(state, 'command', nowMs);
  if (verdict === 'echo' || verdict === 'nothing' || isProtected(state)) return stay(state);
  if (state.tools.running > 0 || !takesTheFloor(state, verdict, nowMs)) return putOffResume(state, nowMs);
  return interruptReply(state, 'barge-in', nowMs);
}

/** Whether words over audible speech are meant to stop it: content and context decide, not their number [T15, T17]. */
export function takesTheFloor(state: TurnState, verdict: Verdict, nowMs: number): boolean {
  if (verdict === 'backchannel') return isQuestionAsked(state, nowMs);
  return verdict === 'words' || verdict === 'prompt' || verdict === 'command';
}

export function protectionDeadlineMs({ reply }: TurnState): number | undefined {
  return reply.phase === 'speaking' || reply.phase === 'paused' ? reply.protectedUntilMs : undefined;
}

/** From here on the greeting is speech like any other; whoever has been speaking over it is heard now. */
export function endProtection(state: TurnState, nowMs: number): TurnStep {
  const { reply, caller } = state;
  if (reply.phase !== 'speaking' && reply.phase !== 'paused') return stay(state);
  const open: TurnState = { ...state, reply: { ...reply, protectedUntilMs: undefined } };
  if (caller.phase === 'speaking') {
    return hearWords(open, judgeSpeech(open, caller.text, caller.onsetAtMs, false), nowMs);
  }
  return open.voice.isActive ? pauseTentatively(open, nowMs) : stay(open);
}
