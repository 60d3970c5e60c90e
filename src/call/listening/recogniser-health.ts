/** No news of any kind during this much speech: it is not coming [F2]. */
const UNANSWERED_SPEECH_MS = 1_500;
/** Signs of life, but no words: either it no longer hears, or what we take for speech is none. Worth one change. */
const WORDLESS_SPEECH_MS = 6_000;
/** A recogniser that gives signs of life in silence, and then none for this long while audio flows, is dead [L17]. */
const NO_LIFE_MS = 10_000;
/** After this long without trouble an outage is over. */
const PROVEN_MS = 10_000;

/** Judges a recogniser by what it says while audio flows. An open socket proves nothing. */
export class RecogniserHealth {
  #readyAtMs: number;
  #lastNewsAtMs: number;
  #lastAudioMs = -1;
  #hasHeartbeat = false;
  #unansweredSpeechMs = 0;
  #wordlessSpeechMs = 0;
  /** The last change for want of words brought none either: there is nothing to be understood. */
  readonly #isResigned: boolean;
  #hasHadWords = false;

  constructor(nowMs: number, isResigned = false) {
    this.#readyAtMs = nowMs;
    this.#lastNewsAtMs = nowMs;
    this.#isResigned = isResigned;
  }

  /** That of the recogniser that takes over. */
  successor(nowMs: number): RecogniserHealth {
    const wasDeaf = this.#wordlessSpeechMs >= WORDLESS_SPEECH_MS;
    return new RecogniserHealth(nowMs, wasDeaf || (this.#isResigned && !this.#hasHadWords));
  }

  ready(nowMs: number): void {
    this.#readyAtMs = nowMs;
    this.#lastNewsAtMs = nowMs;
  }

  /** Only one that moves on counts: it may repeat itself while it is stuck. */
  heartbeat(audioMs: number, nowMs: number): void {
    if (audioMs <= this.#lastAudioMs) return;
    this.#lastAudioMs = audioMs;
    this.#hasHeartbeat = true;
    this.#lastNewsAtMs = nowMs;
    this.#unansweredSpeechMs = 0;
  }

  words(nowMs: number): void {
    this.#hasHadWords = true;
    this.#lastNewsAtMs = nowMs;
    this.#unansweredSpeechMs = 0;
    this.#wordlessSpeechMs = 0;
  }

  /** So much speech has been heard by our own ears. Says what is wrong, if anything. */
  speechHeard(speechMs: number): string | undefined {
    this.#unansweredSpeechMs += speechMs;
    this.#wordlessSpeechMs += speechMs;
    if (this.#unansweredSpeechMs >= UNANSWERED_SPEECH_MS) return 'no results during speech';
    const isDeaf = this.#wordlessSpeechMs >= WORDLESS_SPEECH_MS;
    return isDeaf && (!this.#isResigned || this.#hasHadWords) ? 'no words during speech' : undefined;
  }

  findSilence(nowMs: number, isAudioFlowing: boolean): string | undefined {
    if (!isAudioFlowing) this.#lastNewsAtMs = nowMs;
    const isSilent = this.#hasHeartbeat && nowMs - this.#lastNewsAtMs >= NO_LIFE_MS;
    return isSilent ? 'no signs of life while audio flows' : undefined;
  }

  isProven(nowMs: number): boolean {
    const hasNews = this.#hasHeartbeat || this.#hasHadWords;
    return hasNews && nowMs - this.#readyAtMs >= PROVEN_MS;
  }
}
