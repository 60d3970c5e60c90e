import type { StreamMs } from '../../call/listening/listening.ts';

/**
 * Translates the recogniser's clock (audio it received) into ours (audio handed to us). They part when silence is
 * put in to keep the line open.
 */
export class AudioTimeline {
  /** From `fromMs` of the recogniser's clock on, ours is `shiftMs` ahead. In order of time. */
  readonly #shifts: { readonly fromMs: number; readonly shiftMs: number }[] = [{ fromMs: 0, shiftMs: 0 }];
  #receivedMs = 0;

  /** Audio we were handed has gone to the recogniser. */
  sent(durationMs: number): void {
    this.#receivedMs += durationMs;
  }

  /** Audio nobody handed us has gone to the recogniser. */
  inserted(durationMs: number): void {
    this.#receivedMs += durationMs;
    this.#shifts.push({ fromMs: this.#receivedMs, shiftMs: this.#shifts.at(-1)!.shiftMs - durationMs });
  }

  ours(recogniserMs: number): StreamMs {
    const shift = this.#shifts.findLast(({ fromMs }) => fromMs <= recogniserMs);
    return Math.max(0, recogniserMs + (shift?.shiftMs ?? 0)) as StreamMs;
  }
}
