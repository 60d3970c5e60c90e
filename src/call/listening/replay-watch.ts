import type { Position } from '../clocks.ts';

/** A replay has failed if it was sent completely and no words come for this long. */
const ANSWER_MS = 2_500;

/** Watches whether speech that is replayed to a new recogniser brings words. */
export class ReplayWatch {
  /** End of the replayed speech; undefined once words came, or if nothing is replayed. */
  #until: Position | undefined;
  #heardAtMs: number | undefined;

  /** Starts with a new recogniser; `until` is undefined if nothing is replayed. */
  start(until: Position | undefined): void {
    this.#until = until;
    this.#heardAtMs = undefined;
  }

  stop(): void {
    this.#until = undefined;
  }

  /** True when the replay was sent completely and brought no words; `cursor` is the position sent. */
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
