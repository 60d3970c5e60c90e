import { msToBytes } from '../../audio/frame.ts';
import { position, type Position } from '../clocks.ts';

/** Local voice activity may miss the first soft sound of a word. */
const BEFORE_ONSET = msToBytes(200);
/** The end of a turn is recognised after a pause; the last word is at least this far back. */
const BEFORE_TURN_END = msToBytes(200);
const AFTER_LAST_WORD = msToBytes(100);
/** Sounds further apart than this do not belong to one utterance, unless words have been recognised in it. */
const UTTERANCE_GAP = msToBytes(1_000);
/** Recognisers' word times are this exact. */
const TIME_TOLERANCE = msToBytes(300);

export interface Replay {
  readonly fromPosition: Position;
  /** It begins no later than the unfinished utterance. */
  readonly isWhole: boolean;
  /** It begins so close to the end of the last turn that its last words may be heard again. */
  readonly mayRepeatLastTurn: boolean;
}

/**
 * How far the caller's audio has been turned into text, and where speech began that has not: from there on a new
 * recogniser must hear it again.
 */
export class UtteranceTracker {
  #doneUntil = position(0);
  #onset = position(0);
  #voicedUntil = position(-1);
  #hasSpeech = false;

  /** A stretch of audio ending here may hold speech. */
  voiced(endPosition: Position, stretchBytes: number, hasOpenTurn: boolean): void {
    const isOfUtterance =
      this.#voicedUntil > this.#doneUntil &&
      (hasOpenTurn || this.#hasSpeech || endPosition - this.#voicedUntil <= UTTERANCE_GAP);
    if (!isOfUtterance) this.#onset = latest(this.#doneUntil, endPosition - stretchBytes);
    this.#voicedUntil = endPosition;
  }

  /** It has lasted long enough to be speech. */
  speechStarted(): void {
    this.#hasSpeech = true;
  }

  /** A turn has ended. `lastWordEnd` where the recogniser gives times; `heardUntil` is what it was sent. */
  turnEnded(lastWordEnd: Position | undefined, heardUntil: Position, isVoiced: boolean): void {
    const end =
      lastWordEnd === undefined
        ? heardUntil - BEFORE_TURN_END
        : Math.min(heardUntil, lastWordEnd + AFTER_LAST_WORD);
    this.done(latest(this.#doneUntil, end));
    this.#hasSpeech = isVoiced;
  }

  /** Nothing up to here is wanted any more. */
  done(until: Position): void {
    this.#doneUntil = until;
    this.#onset = until;
    this.#hasSpeech = false;
  }

  /** Speech of which no turn has ended, and which is still buffered. */
  hasUnfinishedSpeech(bufferedFrom: Position): boolean {
    return this.#hasSpeech && this.#voicedUntil > Math.max(bufferedFrom, this.#doneUntil);
  }

  /** Where a replay begins, given what is buffered. In silence there is nothing to hear again. */
  replay(bufferedFrom: Position, endPosition: Position, hasOpenTurn: boolean): Replay {
    const isRecent = this.#voicedUntil > this.#doneUntil && endPosition - this.#voicedUntil <= UTTERANCE_GAP;
    const hasUtterance = hasOpenTurn || isRecent || this.hasUnfinishedSpeech(bufferedFrom);
    const wanted = hasUtterance ? latest(this.#doneUntil, this.#onset - BEFORE_ONSET) : endPosition;
    return {
      fromPosition: latest(bufferedFrom, wanted),
      isWhole: wanted >= bufferedFrom,
      mayRepeatLastTurn: wanted - this.#doneUntil < TIME_TOLERANCE,
    };
  }
}

function latest(one: Position, other: number): Position {
  return position(Math.max(one, other));
}
