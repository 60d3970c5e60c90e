import type { SpeechToText } from './speech-to-text.ts';

/** How a recogniser was lost: its socket, or only its answers. */
export interface Loss {
  readonly isRetryable: boolean;
  /** It accepts audio and says nothing: opening it again is worth less than trying another. */
  readonly isUnresponsive: boolean;
}

export interface Attempt {
  readonly speechToText: SpeechToText;
  readonly delayMs: number;
}

const MAX_ATTEMPTS = 6;
const FIRST_DELAY_MS = 250;

/**
 * Which recogniser to try next, and when. Whoever takes over stays. A vendor that will not take us (wrong key, no
 * credit) is not asked again in this call.
 */
export class FailoverPlan {
  readonly #vendors: SpeechToText[];
  #attempts = 0;
  readonly #triedInOutage = new Set<SpeechToText>();

  constructor(primary: SpeechToText, fallback: SpeechToText | undefined) {
    this.#vendors = fallback === undefined ? [primary] : [primary, fallback];
  }

  /** Undefined when there is nothing left to try. */
  next(lost: SpeechToText, { isRetryable, isUnresponsive }: Loss): Attempt | undefined {
    const other = this.#vendors.find((vendor) => vendor !== lost);
    if (!isRetryable) this.#vendors.splice(this.#vendors.indexOf(lost), 1);
    // The same again once, since most sockets die by accident; then the other, and so on in turn.
    const prefersOther = !isRetryable || isUnresponsive || this.#triedInOutage.has(lost);
    const speechToText = prefersOther ? (other ?? this.#vendors[0]) : lost;
    if (speechToText === undefined || this.#attempts >= MAX_ATTEMPTS) return undefined;
    const isFirstTry = !this.#triedInOutage.has(speechToText);
    this.#triedInOutage.add(speechToText);
    const delayMs = isFirstTry ? 0 : FIRST_DELAY_MS * 2 ** (this.#attempts - 1);
    this.#attempts += 1;
    return { speechToText, delayMs };
  }

  /** The one in use has proved itself: the next loss is a new outage. */
  recovered(): void {
    this.#attempts = 0;
    this.#triedInOutage.clear();
  }
}
