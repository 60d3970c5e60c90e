import type { CancelTimer, Clock } from './clock.ts';

export interface RepeatOptions {
  readonly clock: Clock;
  /** The pause after each run, unless the run itself asks for another. */
  readonly intervalMs: number;
  /** May resolve to the pause until the next run. */
  readonly run: () => Promise<number | void>;
  /** Told of a run that rejected; the next one comes after the usual pause. */
  readonly onError: (error: unknown) => void;
}

export interface Repetition extends AsyncDisposable {
  /** Runs now; during a run, once more right after it. Resolves when a run that began after this call has ended. */
  runNow(): Promise<void>;
}

/**
 * Repeats work in this process until disposed of, the first time after one interval, never two runs at once. For what
 * each process has to do for itself (its own memory, its own connection); what the fleet has to do once is a job with
 * a line in the schedule.
 */
export function every({ clock, intervalMs, run, onError }: RepeatOptions): Repetition {
  let cancelTimer: CancelTimer = () => undefined;
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  let isClosed = false;

  /** Resolves to the pause after it. */
  async function runOnce(): Promise<number> {
    try {
      return (await run()) ?? intervalMs;
    } catch (error) {
      onError(error);
      return intervalMs;
    }
  }

  async function runAndArm(): Promise<void> {
    const pauseMs = await runOnce();
    running = undefined;
    arm(pauseMs);
  }

  function arm(pauseMs: number): void {
    if (!isClosed) cancelTimer = clock.after(pauseMs, () => void runNow());
  }

  function runNow(): Promise<void> {
    if (isClosed) return running ?? Promise.resolve();
    if (running !== undefined) {
      following ??= running.then(() => {
        following = undefined;
        return runNow();
      });
      return following;
    }
    cancelTimer();
    running = runAndArm();
    return running;
  }

  arm(intervalMs);
  return {
    runNow,
    async [Symbol.asyncDispose]() {
      isClosed = true;
      cancelTimer();
      await running;
    },
  };
}
