/**
 * Translates the recogniser's clock (audio it received) into ours (audio handed to us). They part when pre-roll is
 * dropped before it sees it, and when silence is put in to keep the line open.
 */
export class AudioTimeline {
  /** From `fromMs` of the recogniser's clock on, ours is `shiftMs` ahead. In order of time. */
  readonly #shifts: { readonly fromMs: number; shiftMs: number }[] = [{ fromMs: 0, shiftMs: 0 }];
  #receivedMs = 0;

  /** Audio we were handed has gone to the recogniser. */
  sent(durationMs: number): void {
    this.#receivedMs += durationMs;
  }

  /** Audio we were handed is lost to the recogniser. */
  dropped(durationMs: number): void {
    this.#shift(durationMs);
  }

  /** Audio nobody handed us has gone to the recogniser. */
  inserted(durationMs: number): void {
    this.#receivedMs += durationMs;
    this.#shift(-durationMs);
  }

  ours(recogniserMs: number): number {
    const shift = this.#shifts.findLast(({ fromMs }) => fromMs <= recogniserMs);
    return Math.max(0, recogniserMs + (shift?.shiftMs ?? 0));
  }

  #shift(byMs: number): void {
    if (byMs === 0) return;
    const last = this.#shifts.at(-1)!;
    const shiftMs = last.shiftMs + byMs;
    if (last.fromMs === this.#receivedMs) last.shiftMs = shiftMs;
    else this.#shifts.push({ fromMs: this.#receivedMs, shiftMs });
  }
}
