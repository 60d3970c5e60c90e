import { msToBytes } from '../../audio/frame.ts';
import { position, type Position } from '../clocks.ts';

/** Local voice activity may miss the first soft sound of a word. */
const BEFORE_ONSET = msToBytes(200);
/** The end of a turn is recognised after a pause; the last word is at least this far back. */
const BEFORE_TURN_END = msToBytes(200);
const AFTER_LAST_WORD = msToBytes(100);
/** Sounds further apart than this are separate utterances, unless a turn is open. */
const UTTERANCE_GAP = msToBytes(1_000);
/** Accuracy of recognisers' word times. */
const TIME_TOLERANCE = msToBytes(300);

export interface Replay {
  readonly fromPosition: Position;
  /** It begins no later than the unfinished utterance. */
  readonly isWhole: boolean;
  /** It begins so close to the end of the last turn that its last words may be heard again. */
  readonly mayRepeatLastTurn: boolean;
}

/**
 * Tracks the position up to which the caller's audio has been recognised, and where unrecognised speech began, from
 * where it is replayed to a new recogniser.
 */
export class UtteranceTracker {
  #doneUntil = position(0);
  #onset = position(0);
  #voicedUntil = position(-1);
  #hasSpeech = false;

  /** The audio that ends at this position may contain speech. */
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

  /**
   * A turn has ended. `lastWordEnd` is undefined if the recogniser gives no times; `heardUntil` is the position sent.
   */
  turnEnded(lastWordEnd: Position | undefined, heardUntil: Position, isVoiced: boolean): void {
    const end =
      lastWordEnd === undefined
        ? heardUntil - BEFORE_TURN_END
        : Math.min(heardUntil, lastWordEnd + AFTER_LAST_WORD);
    this.done(latest(this.#doneUntil, end));
    this.#hasSpeech = isVoiced;
  }

  /** Nothing before this position needs a replay any more. */
  done(until: Position): void {
    this.#doneUntil = until;
    this.#onset = until;
    this.#hasSpeech = false;
  }

  /** Speech of which no turn has ended, and which is still buffered. */
  hasUnfinishedSpeech(bufferedFrom: Position): boolean {
    return this.#hasSpeech && this.#voicedUntil > Math.max(bufferedFrom, this.#doneUntil);
  }

  /** Where a replay begins, given what is buffered. Silence is not replayed. */
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
