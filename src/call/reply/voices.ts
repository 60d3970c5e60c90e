import type { Clock } from '../../platform/process/clock.ts';
import type { VendorError } from '../../platform/process/errors.ts';
import type {
  TextToSpeech,
  TextToSpeechOptions,
  TextToSpeechSession,
  Utterance,
  UtteranceEvent,
} from './text-to-speech.ts';

export interface Voice {
  readonly tts: TextToSpeech;
  readonly options: TextToSpeechOptions;
}

export interface VoicesDeps {
  /** In order of preference: the agent's own, then the fallbacks. */
  readonly voices: readonly Voice[];
  readonly clock: Clock;
  /** The session in use was lost. True if a reply was waiting for it and has handled the loss. */
  readonly onSessionLost: (detail: string) => boolean;
  /** Another voice took over while nobody was speaking. */
  readonly onIdleFailover: (vendor: string, detail: string) => void;
}

/** The loss of a session after this long is no fault of the voice, because vendors close idle sessions. */
const HEALTHY_SESSION_MS = 10_000;
/** After the last voice has failed, replies do not wait for another round of deadlines. */
const RETRY_AFTER_MS = 10_000;

interface OpenSession {
  readonly openedAtMs: number;
  session?: TextToSpeechSession;
}

/**
 * The voices of one call: one open session, and failover to the next voice for the rest of the call. Voices are tried
 * round-robin; they are exhausted once each has failed without speaking in between.
 */
export class Voices {
  readonly #deps: VoicesDeps;
  #index = 0;
  #open: OpenSession | undefined;
  /** Failures in a row without speech in between. */
  #failures = 0;
  #failedAtMs = 0;
  #isClosed = false;
  #characters = 0;

  constructor(deps: VoicesDeps) {
    this.#deps = deps;
  }

  /** Vendor of the voice in use. */
  get vendor(): string {
    return this.#voice?.tts.vendor ?? 'none';
  }

  get isExhausted(): boolean {
    return this.#failures >= this.#maxFailures;
  }

  /** Characters sent to voices of all vendors, which is what they bill. */
  get characters(): number {
    return this.#characters;
  }

  get #voice(): Voice | undefined {
    return this.#deps.voices[this.#index];
  }

  /** A single voice is retried once, because there is no other. */
  get #maxFailures(): number {
    return this.#deps.voices.length === 0 ? 0 : Math.max(this.#deps.voices.length, 2);
  }

  /** Connects, when there is no session. */
  open(): void {
    if (this.#open !== undefined || this.#isClosed || this.isExhausted) return;
    const voice = this.#voice;
    if (voice === undefined) return;
    const open: OpenSession = { openedAtMs: this.#deps.clock.nowMs() };
    this.#open = open;
    const session = voice.tts.open(voice.options, (error) => this.#onClosed(open, error));
    open.session = session;
    // The session may have been replaced while it was being opened.
    if (this.#open !== open) session.close();
  }

  /** Begins an utterance with the voice in use; undefined when no voice is left. */
  begin(listener: (event: UtteranceEvent) => void): Utterance | undefined {
    if (this.isExhausted && this.#deps.clock.nowMs() - this.#failedAtMs >= RETRY_AFTER_MS) this.#failures = 0;
    this.open();
    return this.#open?.session?.begin(listener);
  }

  /** Fails over from the voice in use; true if another one is now in use. */
  fail(): boolean {
    const failed = this.#open;
    this.#open = undefined;
    failed?.session?.close();
    this.#failures += 1;
    this.#failedAtMs = this.#deps.clock.nowMs();
    if (this.isExhausted || this.#isClosed) return false;
    this.#index = (this.#index + 1) % this.#deps.voices.length;
    this.open();
    return true;
  }

  /** The voice in use has spoken. */
  succeed(): void {
    this.#failures = 0;
  }

  countCharacters(count: number): void {
    this.#characters += count;
  }

  close(): void {
    this.#isClosed = true;
    const open = this.#open;
    this.#open = undefined;
    open?.session?.close();
  }

  #onClosed(closed: OpenSession, error: VendorError | undefined): void {
    if (this.#open !== closed) return;
    this.#open = undefined;
    const detail = error?.message ?? 'closed by the vendor';
    if (this.#isClosed || this.#deps.onSessionLost(detail)) return;
    const wasHealthy = this.#deps.clock.nowMs() - closed.openedAtMs >= HEALTHY_SESSION_MS;
    if (wasHealthy) {
      this.open();
      return;
    }
    const vendor = this.vendor;
    if (this.fail()) this.#deps.onIdleFailover(vendor, detail);
  }
}
