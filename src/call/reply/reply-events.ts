import type { Clock } from '../../platform/process/clock.ts';
import type { SpokenReplyEvent } from './spoken-reply.ts';

/** What one reply tells the session: some things once, a change of voice when the new one is heard, nothing after its end. */
export class ReplyEvents {
  readonly #clock: Clock;
  readonly #emit: (event: SpokenReplyEvent) => void;
  readonly #told = new Set<SpokenReplyEvent['type']>();
  #lost: { readonly vendor: string; readonly detail: string; readonly atMs: number } | undefined;
  #isClosed = false;

  constructor(clock: Clock, emit: (event: SpokenReplyEvent) => void) {
    this.#clock = clock;
    this.#emit = emit;
  }

  tell(event: SpokenReplyEvent): void {
    if (!this.#isClosed) this.#emit(event);
  }

  tellOnce(event: SpokenReplyEvent): void {
    if (this.#told.has(event.type)) return;
    this.#told.add(event.type);
    this.tell(event);
  }

  /** There is audio: the first, or that of another voice than before. */
  voiceAnswered(): void {
    this.tellOnce({ type: 'voice-answered' });
    if (this.#lost !== undefined) this.#tellFailover(this.#clock.nowMs() - this.#lost.atMs);
  }

  /** Told with the length of the gap, when there is one: text was waiting for the voice. */
  voiceLost(vendor: string, detail: string, isTextWaiting: boolean): void {
    this.#lost ??= { vendor, detail, atMs: this.#clock.nowMs() };
    if (!isTextWaiting) this.#tellFailover(undefined);
  }

  voicesExhausted(vendor: string, detail: string): void {
    this.#lost = undefined;
    this.tell({ type: 'fault', kind: 'tts.exhausted', vendor, detail, gapMs: undefined });
  }

  /** The last event, when there is one to tell; nothing follows. */
  close(last?: SpokenReplyEvent): void {
    if (this.#lost !== undefined) this.#tellFailover(undefined);
    if (last !== undefined) this.tell(last);
    this.#isClosed = true;
  }

  #tellFailover(gapMs: number | undefined): void {
    const lost = this.#lost;
    if (lost === undefined) return;
    this.#lost = undefined;
    this.tell({ type: 'fault', kind: 'tts.failover', vendor: lost.vendor, detail: lost.detail, gapMs });
  }
}
