/**
 * The clocks between a recogniser and the record. Their types are branded, so that a value of one cannot be passed
 * where another is expected; `ClockMap` converts. Instants on the process's monotonic clock are plain numbers named
 * `…AtMs`.
 */

/** Milliseconds on the call's media clock: 0 is the moment its first stream opened. Recorded times are on it. */
export type MediaMs = number & { readonly __clock: 'media' };

/** Index of a byte of the caller's audio after gaps were filled with silence: 0 is the first. */
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

/** Only recent positions are converted, so older points are dropped. */
const MAX_POINTS = 256;

/**
 * Converts between two clocks that run at a fixed rate and jump against each other, by linear interpolation between
 * known points.
 */
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

  /** Adds a point: at `from` the other clock shows `to`. Points are added in ascending order. */
  add(from: From, to: To): void {
    this.#points.push({ from, to });
    if (this.#points.length > MAX_POINTS) this.#points.shift();
  }

  /** Extrapolates before the first point; without any point both clocks are taken to begin together. */
  at(from: From): To {
    const point = this.#points.findLast((known) => known.from <= from) ?? this.#points[0];
    const elapsed = (from - (point?.from ?? 0)) * this.#toPerFrom;
    return ((point?.to ?? 0) + elapsed) as To;
  }
}
