/** A recogniser without any message during this much speech has failed [F2]. */
const UNANSWERED_SPEECH_MS = 1_500;
/**
 * Messages without words during this much speech: either it has failed, or the sound is no speech. One change is tried.
 */
const WORDLESS_SPEECH_MS = 6_000;
/** A recogniser that sends messages in silence, and then none for this long while audio flows, has failed [L17]. */
const NO_LIFE_MS = 10_000;
/** After this long without a fault an outage is over. */
const PROVEN_MS = 10_000;

/** Judges a recogniser by its messages while audio flows, because an open socket proves nothing. */
export class RecogniserHealth {
  #readyAtMs: number;
  #lastNewsAtMs: number;
  #lastAudioMs = -1;
  #hasHeartbeat = false;
  #unansweredSpeechMs = 0;
  #wordlessSpeechMs = 0;
  /** The last change for lack of words brought none either, so the sound is taken for noise. */
  readonly #isResigned: boolean;
  #hasHadWords = false;

  constructor(nowMs: number, isResigned = false) {
    this.#readyAtMs = nowMs;
    this.#lastNewsAtMs = nowMs;
    this.#isResigned = isResigned;
  }

  /** The health of the recogniser that takes over. */
  successor(nowMs: number): RecogniserHealth {
    const wasDeaf = this.#wordlessSpeechMs >= WORDLESS_SPEECH_MS;
    return new RecogniserHealth(nowMs, wasDeaf || (this.#isResigned && !this.#hasHadWords));
  }

  ready(nowMs: number): void {
    this.#readyAtMs = nowMs;
    this.#lastNewsAtMs = nowMs;
  }

  /** Only a heartbeat with a later position counts, because a stuck recogniser may repeat one. */
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

  /** Adds speech detected by local voice activity; returns what is wrong with the recogniser, if anything. */
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
