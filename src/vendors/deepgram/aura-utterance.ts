import type { Utterance, UtteranceEvent } from '../../call/reply/reply.ts';
import { VendorError } from '../../platform/process/errors.ts';

/** Limit of the text waiting for the voice; a reply has some hundred characters. */
const MAX_WAITING_CHARACTERS = 40_000;
/** The vendor's limit for one message. */
const MAX_MESSAGE_CHARACTERS = 2_000;

interface AuraUtteranceOptions {
  readonly listener: (event: UtteranceEvent) => void;
  /** Called when text was pushed, the end was set, or the utterance is over. */
  readonly onChanged: (utterance: AuraUtterance) => void;
}

/** One reply on Aura; tracks how much of it was pushed, sent to the vendor, flushed and delivered. */
export class AuraUtterance implements Utterance {
  readonly #options: AuraUtteranceOptions;
  #waiting: string[] = [];
  #waitingCharacters = 0;
  #pushed = 0;
  #given = 0;
  #flushed = 0;
  #delivered = 0;
  #phase: 'open' | 'ending' | 'over' = 'open';

  constructor(options: AuraUtteranceOptions) {
    this.#options = options;
  }

  get isOver(): boolean {
    return this.#phase === 'over';
  }

  get isEnding(): boolean {
    return this.#phase === 'ending';
  }

  get hasText(): boolean {
    return this.#pushed > 0;
  }

  get hasUnflushedText(): boolean {
    return this.#flushed < this.#given;
  }

  /** True while the vendor has text not yet spoken, or audio not yet delivered. */
  get isAtVendor(): boolean {
    return this.#delivered < this.#given;
  }

  push(text: string): void {
    if (this.#phase !== 'open' || text === '') return;
    this.#pushed += 1;
    this.#waiting.push(text);
    this.#waitingCharacters += text.length;
    if (this.#waitingCharacters > MAX_WAITING_CHARACTERS) this.fail(tooMuchText());
    else this.#options.onChanged(this);
  }

  end(): void {
    if (this.#phase !== 'open') return;
    this.#phase = 'ending';
    // Asynchronous, so that `ended` is not emitted before `end()` has returned.
    if (this.#pushed === 0) queueMicrotask(() => this.#finish());
    else this.#options.onChanged(this);
  }

  cancel(): void {
    if (this.isOver) return;
    this.#over();
  }

  fail(error: VendorError): void {
    if (this.isOver) return;
    this.#over();
    this.#options.listener({ type: 'failed', error });
  }

  /** Takes the text pushed since the last call, in pieces of the vendor's maximum size. */
  takeWaitingText(): readonly string[] {
    const texts = this.#waiting.flatMap(inPieces);
    this.#given = this.#pushed;
    this.#waiting = [];
    this.#waitingCharacters = 0;
    return texts;
  }

  /** Notes that everything sent so far was flushed; returns how many texts that covers. */
  markFlushed(): number {
    this.#flushed = this.#given;
    return this.#flushed;
  }

  /** Undoes the last flush, which the vendor ignored; `coveredBefore` is what the one before it covered. */
  unmarkFlushed(coveredBefore: number): void {
    this.#flushed = coveredBefore;
  }

  get deliveredTexts(): number {
    return this.#delivered;
  }

  acceptAudio(mulaw: Uint8Array): void {
    if (!this.isOver) this.#options.listener({ type: 'audio', mulaw });
  }

  /** Notes that all audio of the first `covered` texts was received. */
  acceptFlushed(covered: number): void {
    while (!this.isOver && this.#delivered < covered) {
      this.#options.listener({ type: 'text-spoken', index: this.#delivered });
      this.#delivered += 1;
    }
    if (this.isEnding && this.#delivered === this.#pushed) this.#finish();
  }

  #finish(): void {
    if (this.isOver) return;
    this.#over();
    this.#options.listener({ type: 'ended' });
  }

  #over(): void {
    this.#phase = 'over';
    this.#waiting = [];
    this.#options.onChanged(this);
  }
}

/** A clause is never that long, but a message that the vendor refuses would close the socket. */
function inPieces(text: string): string[] {
  const padded = /\s$/.test(text) ? text : `${text} `;
  const pieces: string[] = [];
  for (let at = 0; at < padded.length; at += MAX_MESSAGE_CHARACTERS) {
    pieces.push(padded.slice(at, at + MAX_MESSAGE_CHARACTERS));
  }
  return pieces;
}

function tooMuchText(): VendorError {
  return new VendorError('deepgram', 'too much text waits for the voice', {
    code: 'too-much-text',
    isRetryable: false,
  });
}
