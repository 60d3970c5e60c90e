import { FRAME_MS } from '../../src/audio/frame.ts';

export interface FrameTimer {
  nowMs(): number;
  after(delayMs: number, callback: () => void): () => void;
}

const realTimer: FrameTimer = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Calls are spread over the frame, as they are in life, instead of all sending at the same instant. */
const PHASES = 10;
const PHASE_MS = FRAME_MS / PHASES;
/** A process that slept longer than this does not try to send all it has missed. */
const MAX_CATCH_UP_MS = 1_000;

interface Subscriber {
  readonly onFrame: (lateMs: number) => void;
  /** Beats before it were not this call's. */
  readonly fromBeat: number;
}

/**
 * One timer for the frames of all calls. Beats are counted from a fixed start, so lateness of one does not shift the
 * next: after an hour the number of frames is exact.
 */
export class FrameClock {
  readonly #timer: FrameTimer;
  readonly #byPhase: Set<Subscriber>[] = Array.from({ length: PHASES }, () => new Set());
  #startMs = 0;
  /** The next beat to run; beats are PHASE_MS apart and belong to phase `beat % PHASES`. */
  #beat = 0;
  #nextPhase = 0;
  #count = 0;
  #cancel: (() => void) | undefined;
  #isRunning = false;

  constructor(timer: FrameTimer = realTimer) {
    this.#timer = timer;
  }

  /** Calls back every 20 ms, first within 20 ms; the returned function ends it. */
  subscribe(onFrame: (lateMs: number) => void): () => void {
    if (this.#count === 0) this.#restart();
    const phase = this.#nextPhase;
    this.#nextPhase = (this.#nextPhase + 1) % PHASES;
    const fromBeat = Math.ceil((this.#timer.nowMs() - this.#startMs) / PHASE_MS);
    const subscriber: Subscriber = { onFrame, fromBeat };
    this.#byPhase[phase]!.add(subscriber);
    this.#count += 1;
    if (!this.#isRunning) this.#schedule();
    return () => {
      if (!this.#byPhase[phase]!.delete(subscriber)) return;
      this.#count -= 1;
      if (this.#count > 0) return;
      this.#cancel?.();
      this.#cancel = undefined;
    };
  }

  #restart(): void {
    this.#startMs = this.#timer.nowMs();
    this.#beat = 1;
  }

  #schedule(): void {
    this.#cancel?.();
    // Phases without a call are not worth waking up for.
    let beat = this.#beat;
    while (this.#byPhase[beat % PHASES]!.size === 0) beat += 1;
    const delayMs = Math.max(0, this.#startMs + beat * PHASE_MS - this.#timer.nowMs());
    this.#cancel = this.#timer.after(delayMs, () => {
      this.#cancel = undefined;
      this.#run();
      if (this.#count > 0) this.#schedule();
    });
  }

  #run(): void {
    const nowMs = this.#timer.nowMs();
    if (nowMs - (this.#startMs + this.#beat * PHASE_MS) > MAX_CATCH_UP_MS) {
      const missed = Math.floor((nowMs - this.#startMs) / PHASE_MS);
      this.#beat = missed - (missed % PHASES) + (this.#beat % PHASES);
    }
    this.#isRunning = true;
    while (this.#count > 0 && this.#startMs + this.#beat * PHASE_MS <= nowMs) {
      const beat = this.#beat;
      this.#beat += 1;
      for (const subscriber of this.#byPhase[beat % PHASES]!) {
        if (beat >= subscriber.fromBeat) subscriber.onFrame(nowMs - (this.#startMs + beat * PHASE_MS));
      }
    }
    this.#isRunning = false;
  }
}
