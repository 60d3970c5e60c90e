import { FRAME_MS } from '../../src/audio/frame.ts';
import type { ListenLatency } from '../faults.ts';
import type { HeardFrame, HeardWord } from '../speech/heard-speech.ts';
import { confidenceAt, confidenceCurve, silenceFor, UNFINISHED_FACTOR } from './end-of-turn-confidence.ts';

export interface FluxThresholds {
  readonly endOfTurn: number;
  /** Undefined: no eager events. */
  readonly eager: number | undefined;
  readonly timeoutMs: number;
}

export interface FluxTurnInfo {
  readonly event: 'StartOfTurn' | 'Update' | 'EagerEndOfTurn' | 'TurnResumed' | 'EndOfTurn';
  readonly turnIndex: number;
  readonly windowStartMs: number;
  readonly windowEndMs: number;
  readonly words: readonly HeardWord[];
  readonly confidence: number;
  readonly trigger?: 'model' | 'timeout' | 'manual';
}

const UPDATE_EVERY_MS = 250;
/** Sound of this length after an eager end of turn resumes the turn. */
const RESUMES_AFTER_MS = 100;
/** Sound without a word for this long is noise, and does not keep the turn open. */
const LONGEST_WORD_MS = 1_200;

/**
 * Flux's turn detection on audio time, per 20 ms of sound. It keeps the vendor's guarantees: a turn starts with words,
 * and the end of a turn repeats the eager end before it unless it was resumed.
 */
export class FluxTurns {
  readonly #curve: ReturnType<typeof confidenceCurve>;
  #thresholds: FluxThresholds;
  #state: 'idle' | 'in-turn' | 'awaiting-end' = 'idle';
  #turnIndex = 0;
  #turnStartMs = 0;
  #nowMs = 0;
  #words: HeardWord[] = [];
  #lastSoundMs = 0;
  #soundMs = 0;
  #nextUpdateMs = UPDATE_EVERY_MS;

  constructor(thresholds: FluxThresholds, latency: ListenLatency) {
    this.#thresholds = thresholds;
    this.#curve = confidenceCurve(latency);
  }

  get thresholds(): FluxThresholds {
    return this.#thresholds;
  }

  /** Applies from the next audio on. */
  configure(thresholds: FluxThresholds): void {
    this.#thresholds = thresholds;
  }

  hear(frame: HeardFrame): FluxTurnInfo[] {
    const said: FluxTurnInfo[] = [];
    this.#nowMs = frame.startMs + FRAME_MS;
    this.#soundMs = frame.hasEnergy ? this.#soundMs + FRAME_MS : 0;
    if (frame.hasEnergy) this.#lastSoundMs = this.#nowMs;
    this.#takeWords(frame.words, said);
    this.#judgeSilence(said);
    if (this.#nowMs >= this.#nextUpdateMs) {
      this.#nextUpdateMs += UPDATE_EVERY_MS;
      said.push(this.#info('Update'));
    }
    return said;
  }

  /** Undefined when no turn is active. */
  forceEndTurn(): FluxTurnInfo | undefined {
    return this.#state === 'idle' ? undefined : this.#endTurn('manual');
  }

  /** The last word before the stream is closed: an update, never an end of turn. */
  flush(): FluxTurnInfo {
    return this.#info('Update');
  }

  #takeWords(words: readonly HeardWord[], said: FluxTurnInfo[]): void {
    const resumes = words.length > 0 || this.#soundMs >= RESUMES_AFTER_MS;
    if (this.#state === 'awaiting-end' && resumes) {
      this.#state = 'in-turn';
      // The transcript it takes back is the one of the eager end, so this comes before the new words.
      said.push(this.#info('TurnResumed'));
    }
    if (words.length === 0) return;
    this.#words = [...this.#words, ...words];
    if (this.#state === 'idle') {
      this.#state = 'in-turn';
      said.push(this.#info('StartOfTurn'));
    }
  }

  #judgeSilence(said: FluxTurnInfo[]): void {
    const lastWord = this.#words.at(-1);
    if (this.#state === 'idle' || lastWord === undefined) return;
    const { endOfTurn, eager, timeoutMs } = this.#thresholds;
    const silenceMs = this.#silenceMs(lastWord);
    if (silenceMs >= silenceFor(this.#curve, endOfTurn)) said.push(this.#endTurn('model'));
    else if (this.#nowMs - lastWord.endMs >= timeoutMs) said.push(this.#endTurn('timeout'));
    else if (
      this.#state === 'in-turn' &&
      eager !== undefined &&
      silenceMs >= silenceFor(this.#curve, eager)
    ) {
      this.#state = 'awaiting-end';
      said.push(this.#info('EagerEndOfTurn'));
    }
  }

  /** Silence for the confidence curve, in which a pause inside a sentence counts less. */
  #silenceMs(lastWord: HeardWord): number {
    const soundMs = Math.min(this.#lastSoundMs, lastWord.endMs + LONGEST_WORD_MS);
    const silenceMs = Math.max(0, this.#nowMs - Math.max(lastWord.endMs, soundMs));
    return lastWord.isLast ? silenceMs : silenceMs / UNFINISHED_FACTOR;
  }

  #endTurn(trigger: 'model' | 'timeout' | 'manual'): FluxTurnInfo {
    const end: FluxTurnInfo = { ...this.#info('EndOfTurn'), trigger };
    this.#state = 'idle';
    this.#turnIndex += 1;
    this.#turnStartMs = this.#nowMs;
    this.#words = [];
    return end;
  }

  #info(event: FluxTurnInfo['event']): FluxTurnInfo {
    const lastWord = this.#words.at(-1);
    return {
      event,
      turnIndex: this.#turnIndex,
      windowStartMs: this.#turnStartMs,
      windowEndMs: this.#nowMs,
      words: this.#words,
      confidence: lastWord ? confidenceAt(this.#curve, this.#silenceMs(lastWord)) : 0,
    };
  }
}
