import type { Clock } from '../../platform/process/clock.ts';

/** Events of one speech, in order. `closed` comes once and last, and not after `close()`. */
export type SpeechEvent =
  /** The first speakable chunk was sent to the voice, or pre-synthesised audio was used. */
  | { readonly type: 'voice-requested' }
  | { readonly type: 'text-chunk'; readonly text: string }
  | { readonly type: 'voice-answered' }
  /** The first audio has gone to the carrier. */
  | { readonly type: 'audible' }
  | VoiceFault
  /**
   * `finished`: everything was played (last mark acknowledged, or its deadline passed). `failed`: no voice could say
   * the rest.
   */
  | { readonly type: 'closed'; readonly outcome: 'finished' | 'failed' };

export interface VoiceFault {
  readonly type: 'fault';
  readonly kind: 'tts.failover' | 'tts.exhausted';
  readonly vendor: string;
  readonly detail: string;
  /** From the loss of the voice to the first audio of the next; undefined if no text was waiting. */
  readonly gapMs: number | undefined;
}

/**
 * Ensures the order of a speech's events: some are emitted once, a failover when the next voice gives audio, and
 * nothing after the end.
 */
export class SpeechEvents {
  readonly #clock: Clock;
  readonly #emit: (event: SpeechEvent) => void;
  readonly #emitted = new Set<SpeechEvent['type']>();
  #lostVoice: { readonly vendor: string; readonly detail: string; readonly atMs: number } | undefined;
  #isClosed = false;

  constructor(clock: Clock, emit: (event: SpeechEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  emit(event: SpeechEvent): void {
    if (!this.#isClosed) this.#emit(event);
  }

  emitOnce(event: SpeechEvent): void {
    if (this.#emitted.has(event.type)) return;
    this.#emitted.add(event.type);
    this.emit(event);
  }

  /** The voice in use has given audio, which also ends a failover. */
  voiceAnswered(): void {
    this.emitOnce({ type: 'voice-answered' });
    if (this.#lostVoice !== undefined) this.#emitFailover(this.#clock.nowMs() - this.#lostVoice.atMs);
  }

  /** The failover is emitted with the length of the gap if text was waiting for the voice, at once if none was. */
  voiceLost(vendor: string, detail: string, isTextWaiting: boolean): void {
    this.#lostVoice ??= { vendor, detail, atMs: this.#clock.nowMs() };
    if (!isTextWaiting) this.#emitFailover(undefined);
  }

  voicesExhausted(vendor: string, detail: string): void {
    this.#lostVoice = undefined;
    this.emit({ type: 'fault', kind: 'tts.exhausted', vendor, detail, gapMs: undefined });
  }

  /** Emits `closed`, unless the speech was closed by its owner (`outcome` is undefined). */
  close(outcome: 'finished' | 'failed' | undefined): void {
    if (this.#lostVoice !== undefined) this.#emitFailover(undefined);
    if (outcome !== undefined) this.emit({ type: 'closed', outcome });
    this.#isClosed = true;
  }

  #emitFailover(gapMs: number | undefined): void {
    const lost = this.#lostVoice;
    if (lost === undefined) return;
    this.#lostVoice = undefined;
    this.emit({ type: 'fault', kind: 'tts.failover', vendor: lost.vendor, detail: lost.detail, gapMs });
  }
}
