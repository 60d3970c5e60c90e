import type { CancelTimer, Clock } from '../platform/process/clock.ts';
import type { PhraseName } from './prompt/prompt.ts';

/** The caller hears a waiting line after 1 s, another after 4 s and an apology after 8 s of silence [F4]. */
const ONE_MOMENT_MS = 1_000;
const STILL_WORKING_MS = 4_000;
const GIVE_UP_MS = 8_000;

export interface SilenceWatchEvents {
  filler(phrase: PhraseName): void;
  expired(): void;
}

/**
 * Measures how long a committed turn has waited for the model. Each line is said once in a reply. Text restarts the
 * timer; tools pause it, because they have waiting lines and a deadline of their own.
 */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #events: SilenceWatchEvents;
  #sinceMs = 0;
  #isMute = true;
  #hasAskedPatience = false;
  #cancelTimer: CancelTimer | undefined;

  constructor(clock: Clock, events: SilenceWatchEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  /** Starts the timer, as the caller begins to wait. */
  start(): void {
    this.#sinceMs = this.#clock.nowMs();
    this.#arm();
  }

  /** Restarts the count, because something was said. The running timer notices when it fires. */
  broken(): void {
    this.#isMute = false;
    this.#sinceMs = this.#clock.nowMs();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #arm(): void {
    this.stop();
    this.#cancelTimer = this.#clock.after(this.#nextMs() - this.#clock.nowMs(), () => this.#onTimer());
  }

  #nextMs(): number {
    if (this.#isMute) return this.#sinceMs + ONE_MOMENT_MS;
    return this.#sinceMs + (this.#hasAskedPatience ? GIVE_UP_MS : STILL_WORKING_MS);
  }

  #onTimer(): void {
    if (this.#clock.nowMs() < this.#nextMs()) this.#arm();
    else if (this.#isMute) this.#say('one-moment', () => (this.#isMute = false));
    else if (!this.#hasAskedPatience) this.#say('still-working', () => (this.#hasAskedPatience = true));
    else this.#events.expired();
  }

  #say(phrase: PhraseName, done: () => void): void {
    done();
    this.#arm();
    this.#events.filler(phrase);
  }
}
