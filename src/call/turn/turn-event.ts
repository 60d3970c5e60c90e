import type { MediaMs } from '../clocks.ts';
import type { RecognisedWord } from '../recognised-word.ts';

/** A word the caller said, on the call's media clock. */
export type CallerWord = RecognisedWord<MediaMs>;

/** Events for the turn machine. Events of another reply than the current one, by `replyId`, are ignored. */
export type TurnEvent =
  /** The media stream is open; the agent greets. */
  | { readonly type: 'stream-opened' }
  /** Local voice activity has lasted `pauseAfterSpeechMs`. */
  | { readonly type: 'speech-started' }
  | { readonly type: 'speech-ended' }
  /** From speech-to-text; `text` is the whole turn so far. */
  | { readonly type: 'turn-started'; readonly text: string }
  | { readonly type: 'transcript-interim'; readonly text: string }
  | { readonly type: 'turn-ended-eager'; readonly text: string }
  | { readonly type: 'turn-resumed' }
  | { readonly type: 'turn-ended'; readonly text: string; readonly words: readonly CallerWord[] }
  /** Caller speech could not be recognised (recogniser lost and its replay brought nothing). */
  | { readonly type: 'speech-lost' }
  | { readonly type: 'digit'; readonly digit: string }
  /** The session has begun a requested reply with this id. */
  | { readonly type: 'reply-started'; readonly replyId: string; readonly kind: ReplyKind }
  /** Text has been sent to the voice; used to recognise echoes and questions. */
  | { readonly type: 'reply-text'; readonly replyId: string; readonly text: string }
  /** Its first audio has gone to the carrier. */
  | { readonly type: 'reply-audible'; readonly replyId: string }
  /** All of it has been played to the caller, or there was nothing to play. */
  | { readonly type: 'reply-finished'; readonly replyId: string }
  | { readonly type: 'reply-failed'; readonly replyId: string }
  | { readonly type: 'tool-started' }
  | { readonly type: 'tool-ended' }
  /** The caller is being connected to a person. */
  | { readonly type: 'transfer-started' }
  /** The transfer target did not answer; the agent continues. */
  | { readonly type: 'transfer-failed' }
  /** The agent has said goodbye; no further turn is answered. */
  | { readonly type: 'ending' }
  /** The earliest deadline of the state has passed. */
  | { readonly type: 'timer' };

export type ReplyKind =
  | 'greeting'
  | 'answer'
  | 'reprompt'
  | 'goodbye'
  | 'wrap-up'
  | 'repeat-request'
  | 'apology';

/** Confidence and timeout for the recogniser's end of turn. */
export interface Endpointing {
  readonly endOfTurnThreshold: number;
  readonly endOfTurnTimeoutMs: number;
}

/** What the session must do, in order. */
export type TurnDecision =
  | { readonly type: 'greet' }
  /** Start a reply to `text` whose output is held and which runs no tools. */
  | { readonly type: 'speculate'; readonly text: string }
  | { readonly type: 'discard-speculation' }
  /**
   * The caller's turn is over: record it and answer it. With `useSpeculation` the held reply is released instead of a
   * new one started. With `amendsTurn` the text replaces that of the caller's previous turn, whose answer was dropped.
   */
  | {
      readonly type: 'commit-turn';
      readonly text: string;
      readonly words: readonly CallerWord[];
      readonly source: 'speech' | 'digits';
      readonly useSpeculation: boolean;
      readonly amendsTurn: boolean;
    }
  /** A late final belongs to the turn already committed: correct the record, start nothing. */
  | { readonly type: 'amend-turn'; readonly text: string }
  | { readonly type: 'pause-playout' }
  | { readonly type: 'resume-playout' }
  /**
   * Cut the current reply for good: keep what was heard, drop the rest. Always precedes whatever replaces the reply.
   * `stalled`: it brought no sound within its deadline. `time-limit`: the call has reached its maximum length.
   */
  | {
      readonly type: 'interrupt-reply';
      readonly cause: 'barge-in' | 'command' | 'digit' | 'turn-continued' | 'stalled' | 'time-limit';
    }
  /** The text was recognised and is deliberately ignored. */
  | {
      readonly type: 'ignore-speech';
      readonly text: string;
      readonly reason: 'backchannel' | 'echo' | 'empty' | 'protected' | 'ending';
    }
  | {
      readonly type: 'say';
      readonly kind: 'reprompt' | 'repeat-request' | 'apology' | 'wrap-up';
      readonly attempt: number;
    }
  /** Configures the recogniser's end of turn from now on. */
  | { readonly type: 'set-endpointing'; readonly endpointing: Endpointing }
  /** Say goodbye and hang up. */
  | { readonly type: 'say-goodbye'; readonly reason: 'silence' | 'max-duration' };
