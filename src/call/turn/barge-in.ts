import { classifyWords, type SmallTalk } from './backchannel.ts';
import { isEcho } from './echo.ts';
import { interruptReply, isQuestionAsked } from './reply.ts';
import { MAX_FALSE_PAUSES } from './timing.ts';
import { stay, step, type TurnState, type TurnStep } from './turn-state.ts';
import { wordsOf } from './words.ts';

/**
 * Barge-in: the caller speaks while a reply is outstanding. Sound alone pauses it; words then either cut it, or let it
 * resume where the caller stopped hearing it.
 */

export type Verdict = SmallTalk | 'echo' | 'nothing';

/** Classifies recognised text, given what the agent is saying. */
export function judgeSpeech(state: TurnState, text: string, onsetAtMs: number, isComplete: boolean): Verdict {
  const words = wordsOf(text);
  if (words.length === 0) return 'nothing';
  if (isEcho(state, words, onsetAtMs)) return 'echo';
  return classifyWords(words, state.language, isComplete);
}

/**
 * True during the start of the greeting, and always if the tenant disables barge-in: only commands interrupt then
 * [T14].
 */
export function isProtected({ reply, settings }: TurnState): boolean {
  if (reply.phase === 'none') return false;
  if (reply.phase === 'requested' || reply.phase === 'preparing') return reply.kind === 'greeting';
  return !settings.interruptible || reply.protectedUntilMs !== undefined;
}

export function voiceStarted(state: TurnState, nowMs: number): TurnStep {
  const onsetAtMs = nowMs - state.settings.pauseAfterSpeechMs;
  return pauseTentatively({ ...state, voice: { isActive: true, onsetAtMs } }, nowMs);
}

/** Pauses a reply that becomes audible while the caller is already speaking, until words decide. */
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

/** Extends the pause after words that decide nothing yet, because more may follow. */
function putOffResume(state: TurnState, nowMs: number): TurnStep {
  const { reply, settings } = state;
  if (reply.phase !== 'paused') return stay(state);
  const resumeAtMs = Math.min(reply.resumeByMs, nowMs + settings.resumeAfterMs);
  return stay({ ...state, reply: { ...reply, resumeAtMs } });
}

/** Applies words of an open turn to the outstanding reply. */
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

/** The caller continues the turn before anything of the reply was heard. "Hello?" is no continuation [T21]. */
function interruptUnheard(state: TurnState, verdict: Verdict, nowMs: number): TurnStep {
  // The effect of a tool cannot be undone, so its answer is spoken first.
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

/** Whether words over audible speech interrupt it, by content and context and not by their number [T15, T17]. */
export function takesTheFloor(state: TurnState, verdict: Verdict, nowMs: number): boolean {
  if (verdict === 'backchannel') return isQuestionAsked(state, nowMs);
  return verdict === 'words' || verdict === 'prompt' || verdict === 'command';
}

export function protectionDeadlineMs({ reply }: TurnState): number | undefined {
  return reply.phase === 'speaking' || reply.phase === 'paused' ? reply.protectedUntilMs : undefined;
}

/** Ends the protection of the greeting; speech over it can interrupt from now on. */
export function endProtection(state: TurnState, nowMs: number): TurnStep {
  const { reply, caller } = state;
  if (reply.phase !== 'speaking' && reply.phase !== 'paused') return stay(state);
  const open: TurnState = { ...state, reply: { ...reply, protectedUntilMs: undefined } };
  if (caller.phase === 'speaking') {
    return hearWords(open, judgeSpeech(open, caller.text, caller.onsetAtMs, false), nowMs);
  }
  return open.voice.isActive ? pauseTentatively(open, nowMs) : stay(open);
}
