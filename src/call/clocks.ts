/**
 * The clocks a caller's word crosses on its way from the recogniser to the record. A figure of one cannot be given
 * where another is asked for: `ClockMap` translates. Instants on the process's monotonic clock are plain numbers named
 * `…AtMs`.
 */

/** Milliseconds on the call's media clock: 0 is the moment its first stream opened. What is on record counts on it. */
export type MediaMs = number & { readonly __clock: 'media' };

/** A byte of the caller's audio as the listener has it, holes filled with silence: 0 is the first. */
export type Position = number & { readonly __clock: 'position' };

/** Milliseconds of one recogniser stream: 0 is the first byte sent on it. */
export type StreamMs = number & { readonly __clock: 'stream' };

export function mediaMs(value: number): MediaMs {
  return value as MediaMs;
}

export function position(value: number): Position {
  return value as Position;
}

export function streamMs(value: number): StreamMs {
  return value as StreamMs;
}

/** Only the recent past is ever asked for. */
const MAX_POINTS = 256;

/** Two clocks that run evenly but jump against each other: known points, and straight lines between them. */
export class ClockMap<From extends number, To extends number> {
  readonly #toPerFrom: number;
  readonly #points: { readonly from: From; readonly to: To }[] = [];

  /** `toPerFrom`: units of the second clock in one of the first. */
  constructor(toPerFrom: number) {
    this.#toPerFrom = toPerFrom;
  }

  get isEmpty(): boolean {
    return this.#points.length === 0;
  }

  /** From `from` on, in order, the other clock shows `to`. */
  add(from: From, to: To): void {
    this.#points.push({ from, to });
    if (this.#points.length > MAX_POINTS) this.#points.shift();
  }

  /** Before the first point the line goes on backwards; with no point at all both clocks began together. */
  at(from: From): To {
    const point = this.#points.findLast((known) => known.from <= from) ?? this.#points[0];
    const elapsed = (from - (point?.from ?? 0)) * this.#toPerFrom;
    return ((point?.to ?? 0) + elapsed) as To;
  }
}
