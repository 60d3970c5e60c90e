import type { Position } from '../clocks.ts';

/** A recogniser that has heard the replay to its end and says nothing for this long has not understood it. */
const ANSWER_MS = 2_500;

/** Whether speech that a new recogniser hears again comes out as words. */
export class ReplayWatch {
  /** The end of the speech that is heard again; undefined once words came, or where there is none. */
  #until: Position | undefined;
  #heardAtMs: number | undefined;

  /** A new recogniser begins; undefined where it has no speech to hear again. */
  start(until: Position | undefined): void {
    this.#until = until;
    this.#heardAtMs = undefined;
  }

  stop(): void {
    this.#until = undefined;
  }

  /** True when everything was heard and nothing came of it; `cursor` is how far the recogniser has heard. */
  isOverdue(cursor: Position, isVoiceActive: boolean, nowMs: number): boolean {
    if (this.#until === undefined) return false;
    if (cursor < this.#until || isVoiceActive) {
      this.#heardAtMs = undefined;
      return false;
    }
    this.#heardAtMs ??= nowMs;
    return nowMs - this.#heardAtMs >= ANSWER_MS;
  }
}
