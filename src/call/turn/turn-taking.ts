import {
  endProtection,
  pauseIfSpokenOver,
  protectionDeadlineMs,
  resumeDeadlineMs,
  resumeIfPaused,
  voiceStarted,
} from './barge-in.ts';
import { commitDigits, digitPressed, digitsDeadlineMs } from './digits.ts';
import {
  commitHeldWords,
  endStuckTurn,
  stuckTurnDeadlineMs,
  turnContinues,
  turnEnded,
  turnEndedEagerly,
  turnResumed,
} from './endpointing.ts';
import { callLimitDeadlineMs, closeCall, startClosing, wrapUp, wrapUpDeadlineMs } from './limits.ts';
import {
  forgetTools,
  replyFailed,
  soundDeadlineMs,
  soundOverdue,
  toolEnded,
  toolPatienceDeadlineMs,
  toolStarted,
} from './liveness.ts';
import { tuneEndpointing } from './patience.ts';
import {
  isCurrentReply,
  replyAudible,
  replyFinished,
  replyStarted,
  replyText,
  requestReply,
} from './reply.ts';
import { breakSilence, silenceDeadlineMs, speechLost } from './silence.ts';
import { discardSpeculation } from './speculation.ts';
import { transferFailed, transferStarted } from './transfer.ts';
import type { TurnEvent } from './turn-event.ts';
import { andThen, stay, step, type TurnState, type TurnStep } from './turn-state.ts';
import { wordsOf } from './words.ts';

export { initialTurnState, type TurnState } from './turn-state.ts';

/**
 * Decides who has the floor: from a state and an event to the next state and decisions. A pure function, whose rules
 * are numbered in RULES.md. Decisions must be carried out in order, before the next event is passed.
 */
export function decideTurn(state: TurnState, event: TurnEvent, nowMs: number): TurnStep {
  switch (state.phase.name) {
    case 'waiting':
      return onWaiting(state, event, nowMs);
    case 'live':
    case 'closing':
      return tuneEndpointing(settle(onLive(state, event, nowMs), nowMs));
    case 'transferring':
      return onTransferring(state, event, nowMs);
    case 'ending':
      return onEnding(state, event);
    default:
      return state.phase satisfies never;
  }
}

/** When the machine needs the next `timer` event; undefined without a deadline. */
export function nextDeadlineMs(state: TurnState): number | undefined {
  if (state.phase.name !== 'live' && state.phase.name !== 'closing') return undefined;
  const deadlines = [
    callLimitDeadlineMs(state),
    stuckTurnDeadlineMs(state),
    toolPatienceDeadlineMs(state),
    soundDeadlineMs(state),
    protectionDeadlineMs(state),
    resumeDeadlineMs(state),
    digitsDeadlineMs(state),
    wrapUpDeadlineMs(state),
    silenceDeadlineMs(state),
  ].filter((deadlineMs) => deadlineMs !== undefined);
  return deadlines.length === 0 ? undefined : Math.min(...deadlines);
}

function onWaiting(state: TurnState, event: TurnEvent, nowMs: number): TurnStep {
  switch (event.type) {
    case 'stream-opened': {
      const live: TurnState = { ...state, phase: { name: 'live', openedAtMs: nowMs }, quietSinceMs: nowMs };
      return step(requestReply(live, 'greeting', nowMs), { type: 'greet' });
    }
    case 'ending':
      return stay({ ...state, phase: { name: 'ending' } });
    default:
      return stay(state);
  }
}

function onTransferring(state: TurnState, event: TurnEvent, nowMs: number): TurnStep {
  switch (event.type) {
    case 'transfer-failed':
      return transferFailed(state, nowMs);
    case 'ending':
      return stay({ ...state, phase: { name: 'ending' } });
    default:
      return stay(state);
  }
}

function onEnding(state: TurnState, event: TurnEvent): TurnStep {
  if (event.type !== 'turn-ended' || wordsOf(event.text).length === 0) return stay(state);
  return step(state, { type: 'ignore-speech', text: event.text, reason: 'ending' });
}

function onLive(state: TurnState, event: TurnEvent, nowMs: number): TurnStep {
  switch (event.type) {
    case 'stream-opened':
      // The call has moved to another stream and was greeted already.
      return stay(state);
    case 'speech-started':
      return voiceStarted(state, nowMs);
    case 'speech-ended':
      return stay({ ...state, voice: { ...state.voice, isActive: false }, quietSinceMs: nowMs });
    case 'turn-started':
    case 'transcript-interim':
      return turnContinues(state, event.text, nowMs);
    case 'turn-ended-eager':
      return turnEndedEagerly(state, event.text, nowMs);
    case 'turn-resumed':
      return turnResumed(state, nowMs);
    case 'turn-ended':
      return turnEnded(state, { text: event.text, words: event.words }, nowMs);
    case 'speech-lost':
      return speechLost(state, nowMs);
    case 'digit':
      return digitPressed(state, event.digit, nowMs);
    case 'tool-started':
      return stay(toolStarted(state, nowMs));
    case 'tool-ended':
      return stay(toolEnded(state, nowMs));
    case 'transfer-started':
      return transferStarted(state, nowMs);
    case 'transfer-failed':
      return stay(state);
    case 'ending':
      return end(state, nowMs);
    case 'timer':
      return onTimer(state, nowMs);
    case 'reply-started':
    case 'reply-text':
    case 'reply-audible':
    case 'reply-finished':
    case 'reply-failed':
      return onReply(state, event, nowMs);
    default:
      return event satisfies never;
  }
}

type ReplyEvent = Extract<TurnEvent, { replyId: string }>;

function onReply(state: TurnState, event: ReplyEvent, nowMs: number): TurnStep {
  if (event.type === 'reply-started') return stay(replyStarted(state, event.replyId, event.kind, nowMs));
  if (!isCurrentReply(state, event.replyId)) return stay(state);
  switch (event.type) {
    case 'reply-text':
      return stay(replyText(state, event.text, nowMs));
    case 'reply-audible': {
      const isFirst = state.reply.phase === 'preparing';
      const audible = replyAudible(state, nowMs);
      return isFirst ? pauseIfSpokenOver(audible, nowMs) : stay(audible);
    }
    case 'reply-finished':
      return stay(replyFinished(state, nowMs));
    case 'reply-failed':
      return replyFailed(state, event.replyId, nowMs);
    default:
      return event satisfies never;
  }
}

function end(state: TurnState, nowMs: number): TurnStep {
  const settled = andThen(discardSpeculation(state), (next) => resumeIfPaused(next, nowMs));
  return andThen(settled, (next) =>
    stay({
      ...next,
      phase: { name: 'ending' },
      caller: { phase: 'silent' },
      held: undefined,
      digits: undefined,
    }),
  );
}

/** Applies all deadlines by priority. Each rule checks that it is due, because a timer may fire early. */
function onTimer(state: TurnState, nowMs: number): TurnStep {
  const isDue = (deadlineMs: number | undefined): boolean => deadlineMs !== undefined && deadlineMs <= nowMs;
  const steps: readonly ((state: TurnState) => TurnStep)[] = [
    (now) => startClosing(now, nowMs),
    (now) => (isDue(stuckTurnDeadlineMs(now)) ? endStuckTurn(now, nowMs) : stay(now)),
    (now) => (isDue(toolPatienceDeadlineMs(now)) ? stay(forgetTools(now, nowMs)) : stay(now)),
    (now) => soundOverdue(now, nowMs),
    (now) => (isDue(protectionDeadlineMs(now)) ? endProtection(now, nowMs) : stay(now)),
    (now) => (isDue(resumeDeadlineMs(now)) ? resumeIfPaused(now, nowMs) : stay(now)),
    (now) => breakSilence(now, nowMs),
  ];
  return steps.reduce((before, next) => andThen(before, next), stay(state));
}

/** Applies what waits for a free floor, a finished tool or the end of a sentence. */
function settle(before: TurnStep, nowMs: number): TurnStep {
  if (before.state.phase.name !== 'live' && before.state.phase.name !== 'closing') return before;
  const isClosing = before.state.phase.name === 'closing';
  if (isClosing) return andThen(before, (state) => closeCall(state, nowMs));
  const digits = andThen(before, (state) => commitDigits(state, nowMs));
  const held = andThen(digits, (state) => commitHeldWords(state, nowMs));
  return andThen(held, (state) => wrapUp(state, nowMs));
}
