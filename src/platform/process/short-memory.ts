import type { Clock } from './clock.ts';

export interface ShortMemoryOptions {
  readonly clock: Clock;
  readonly keepMs: number;
  /** Past this the oldest entries go. */
  readonly maxEntries: number;
}

/**
 * Answers kept for moments, so that a busy client does not ask the database the same thing with every request. What
 * is not there is not kept: names nobody has are endless, and may exist the next moment.
 */
export class ShortMemory<Value> {
  readonly #options: ShortMemoryOptions;
  readonly #entries = new Map<
    string,
    { readonly value: Promise<Value | undefined>; readonly untilMs: number }
  >();

  constructor(options: ShortMemoryOptions) {
    this.#options = options;
  }

  /** Those who ask at the same time share one look-up. */
  get(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const { clock, keepMs, maxEntries } = this.#options;
    const known = this.#entries.get(key);
    if (known !== undefined && clock.nowMs() < known.untilMs) return known.value;
    const value = load();
    const entry = { value, untilMs: clock.nowMs() + keepMs };
    // Set anew, so that the order of the map is the order of age.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > maxEntries) this.#entries.delete(this.#entries.keys().next().value!);
    // Forgotten while it loaded, another may stand in its place by now.
    const drop = (): void => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    };
    value.then((found) => found === undefined && drop(), drop);
    return value;
  }

  /** Look-ups under way are forgotten too: they may have read what was before the change. */
  clear(): void {
    this.#entries.clear();
  }
}
