/** Recognisers' turn timers run on audio: when none comes for this long, silence of that length is inserted. */
const QUIET_MS = 500;
const LONGEST_QUIET_MS = 10_000;
/** The interval before the stream opens, because vendors close sockets that get no audio for 10 s. */
const BEFORE_FIRST_AUDIO_MS = 5_000;

/** How much silence to insert for missing frames. */
export class MissingAudio {
  #coveredUntilMs: number;
  #insertedMs = 0;

  constructor(nowMs: number) {
    this.#coveredUntilMs = nowMs + BEFORE_FIRST_AUDIO_MS - QUIET_MS;
  }

  /** True while frames come: no silence was inserted since the last one. */
  get isFlowing(): boolean {
    return this.#insertedMs === 0;
  }

  frameHeard(nowMs: number): void {
    this.#coveredUntilMs = nowMs;
    this.#insertedMs = 0;
  }

  /** Milliseconds of silence to insert now; 0 while frames come, and after the line has been quiet for too long. */
  takeDueMs(nowMs: number): number {
    const missingMs = nowMs - this.#coveredUntilMs;
    if (missingMs < QUIET_MS) return 0;
    const dueMs = Math.min(missingMs, LONGEST_QUIET_MS - this.#insertedMs);
    if (dueMs <= 0) return 0;
    this.#coveredUntilMs = nowMs;
    this.#insertedMs += dueMs;
    return dueMs;
  }
}
