import type { StreamMs } from '../../call/listening/listening.ts';

/**
 * Converts the recogniser's clock (audio it received) to the stream's (audio given to `send`). They differ by the
 * silence that is sent to keep the connection alive.
 */
export class AudioTimeline {
  /** From `fromMs` of the recogniser's clock on, the stream's differs by `shiftMs`. In order of time. */
  readonly #shifts: { readonly fromMs: number; readonly shiftMs: number }[] = [{ fromMs: 0, shiftMs: 0 }];
  #receivedMs = 0;

  /** Audio of the stream was sent to the recogniser. */
  sent(durationMs: number): void {
    this.#receivedMs += durationMs;
  }

  /** Inserted silence was sent to the recogniser. */
  inserted(durationMs: number): void {
    this.#receivedMs += durationMs;
    this.#shifts.push({ fromMs: this.#receivedMs, shiftMs: this.#shifts.at(-1)!.shiftMs - durationMs });
  }

  streamMsAt(recogniserMs: number): StreamMs {
    const shift = this.#shifts.findLast(({ fromMs }) => fromMs <= recogniserMs);
    return Math.max(0, recogniserMs + (shift?.shiftMs ?? 0)) as StreamMs;
  }
}
