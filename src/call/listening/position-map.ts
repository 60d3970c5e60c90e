/** Two clocks that run at the same pace but jump against each other: known points, and straight lines between them. */
export class PositionMap {
  readonly #points: { readonly from: number; readonly to: number }[] = [];

  get isEmpty(): boolean {
    return this.#points.length === 0;
  }

  /** From `from` on, in order, the other clock shows `to`. */
  add(from: number, to: number): void {
    this.#points.push({ from, to });
    // Only the recent past is ever asked for.
    if (this.#points.length > 64) this.#points.shift();
  }

  at(position: number): number {
    const point = this.#points.findLast(({ from }) => from <= position) ?? this.#points[0];
    return point === undefined ? position : point.to + (position - point.from);
  }
}
