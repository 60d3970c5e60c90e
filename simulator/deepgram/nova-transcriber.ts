import { FRAME_MS } from '../../src/audio/frame.ts';
import type { HeardFrame, HeardWord } from '../speech/heard-speech.ts';
import type { NovaSettings } from './nova-configuration.ts';

export type NovaEvent =
  | {
      readonly type: 'results';
      readonly startMs: number;
      readonly durationMs: number;
      readonly words: readonly HeardWord[];
      readonly isFinal: boolean;
      readonly speechFinal: boolean;
      readonly fromFinalize: boolean;
    }
  | { readonly type: 'speech-started'; readonly atMs: number }
  | { readonly type: 'utterance-end'; readonly lastWordEndMs: number };

const INTERIM_EVERY_MS = 1_000;
/** A range becomes final after this long even while the caller speaks. */
const LONGEST_SEGMENT_MS = 4_000;
/** Voice activity is reported after this much sound, and again only after a silence. */
const SPEECH_STARTS_AFTER_MS = 60;
const SPEECH_ENDS_AFTER_MS = 500;

/** Nova's results on audio time: interim and final ranges, endpoints, voice activity. */
export class NovaTranscriber {
  readonly #settings: NovaSettings;
  #nowMs = 0;
  #segmentStartMs = 0;
  #words: HeardWord[] = [];
  /** Words were heard since the last endpoint. */
  #isUtteranceOpen = false;
  #lastWordEndMs = -1;
  #utteranceEndDue = false;
  #lastInterimMs = 0;
  #soundMs = 0;
  #lastSoundMs = 0;
  #isSpeaking = false;

  constructor(settings: NovaSettings) {
    this.#settings = settings;
  }

  hear(frame: HeardFrame): NovaEvent[] {
    const said: NovaEvent[] = [];
    this.#nowMs = frame.startMs + FRAME_MS;
    this.#noticeSound(frame.hasEnergy, said);
    for (const word of frame.words) {
      this.#words.push(word);
      this.#lastWordEndMs = word.endMs;
      this.#isUtteranceOpen = true;
      this.#utteranceEndDue = true;
    }
    this.#settle(said);
    this.#endUtterance(said);
    return said;
  }

  /** Makes everything heard so far final; `fromFinalize` if the client requested it. */
  finish(fromFinalize: boolean): NovaEvent[] {
    if (this.#words.length === 0 && !fromFinalize) return [];
    return [this.#final(false, fromFinalize)];
  }

  #noticeSound(hasEnergy: boolean, said: NovaEvent[]): void {
    this.#soundMs = hasEnergy ? this.#soundMs + FRAME_MS : 0;
    if (hasEnergy) this.#lastSoundMs = this.#nowMs;
    if (this.#isSpeaking && this.#nowMs - this.#lastSoundMs >= SPEECH_ENDS_AFTER_MS) this.#isSpeaking = false;
    if (this.#isSpeaking || this.#soundMs < SPEECH_STARTS_AFTER_MS) return;
    this.#isSpeaking = true;
    if (this.#settings.vadEvents) said.push({ type: 'speech-started', atMs: this.#nowMs - this.#soundMs });
  }

  #settle(said: NovaEvent[]): void {
    const { endpointingMs, interimResults } = this.#settings;
    const silenceMs = this.#nowMs - Math.max(this.#lastWordEndMs, this.#lastSoundMs);
    if (this.#isUtteranceOpen && endpointingMs !== undefined && silenceMs >= endpointingMs) {
      this.#isUtteranceOpen = false;
      said.push(this.#final(true, false));
    } else if (this.#nowMs - this.#segmentStartMs >= LONGEST_SEGMENT_MS) {
      said.push(this.#final(false, false));
    } else if (interimResults && this.#nowMs - this.#lastInterimMs >= INTERIM_EVERY_MS) {
      this.#lastInterimMs = this.#nowMs;
      said.push(this.#results(false, false, false));
    }
  }

  /** Detected by the gap between words, whatever the noise. */
  #endUtterance(said: NovaEvent[]): void {
    const { utteranceEndMs } = this.#settings;
    if (!this.#utteranceEndDue || utteranceEndMs === undefined) return;
    if (this.#nowMs - this.#lastWordEndMs < utteranceEndMs) return;
    this.#utteranceEndDue = false;
    said.push({ type: 'utterance-end', lastWordEndMs: this.#lastWordEndMs });
  }

  #final(speechFinal: boolean, fromFinalize: boolean): NovaEvent {
    const results = this.#results(true, speechFinal, fromFinalize);
    this.#words = [];
    this.#segmentStartMs = this.#nowMs;
    this.#lastInterimMs = this.#nowMs;
    return results;
  }

  #results(isFinal: boolean, speechFinal: boolean, fromFinalize: boolean): NovaEvent {
    return {
      type: 'results',
      startMs: this.#segmentStartMs,
      durationMs: this.#nowMs - this.#segmentStartMs,
      words: [...this.#words],
      isFinal,
      speechFinal,
      fromFinalize,
    };
  }
}
