import type { SpeechToText } from './speech-to-text.ts';

/** How a recogniser was lost: its socket, or only its answers. */
export interface Loss {
  readonly isRetryable: boolean;
  /** It accepts audio and gives no results; another one is then tried before it is opened again. */
  readonly isUnresponsive: boolean;
}

export interface Attempt {
  readonly speechToText: SpeechToText;
  readonly delayMs: number;
}

const MAX_ATTEMPTS = 6;
const FIRST_DELAY_MS = 250;

/**
 * Chooses the recogniser to try next, and when. There is no failback. A vendor that refuses the account (wrong key, no
 * credit) is not tried again in this call.
 */
export class FailoverPlan {
  readonly #recognisers: SpeechToText[];
  #attempts = 0;
  readonly #triedInOutage = new Set<SpeechToText>();

  /** In order of preference. */
  constructor(recognisers: readonly SpeechToText[]) {
    this.#recognisers = [...recognisers];
  }

  /** Undefined when there is nothing left to try. */
  next(lost: SpeechToText, { isRetryable, isUnresponsive }: Loss): Attempt | undefined {
    const at = this.#recognisers.indexOf(lost);
    const [following] = [...this.#recognisers.slice(at + 1), ...this.#recognisers.slice(0, at)];
    if (!isRetryable) this.#recognisers.splice(at, 1);
    // The same one is retried once, because most sockets break by accident; then they are tried round-robin.
    const prefersOther = !isRetryable || isUnresponsive || this.#triedInOutage.has(lost);
    const speechToText = prefersOther ? (following ?? this.#recognisers[0]) : lost;
    if (speechToText === undefined || this.#attempts >= MAX_ATTEMPTS) return undefined;
    const isFirstTry = !this.#triedInOutage.has(speechToText);
    this.#triedInOutage.add(speechToText);
    const delayMs = isFirstTry ? 0 : FIRST_DELAY_MS * 2 ** (this.#attempts - 1);
    this.#attempts += 1;
    return { speechToText, delayMs };
  }

  /** The recogniser in use works: the next loss is a new outage. */
  recovered(): void {
    this.#attempts = 0;
    this.#triedInOutage.clear();
  }
}
