import type { CancelTimer, Clock } from './clock.ts';

export interface RepeatOptions {
  readonly clock: Clock;
  /** Pause after each run, unless `run` returns another. */
  readonly intervalMs: number;
  /** May resolve to the pause until the next run. */
  readonly run: () => Promise<number | void>;
  /** Called when a run rejects; the next one follows after the usual pause. */
  readonly onError: (error: unknown) => void;
}

export interface Repetition extends AsyncDisposable {
  /** Runs now, or right after the current run. Resolves when a run that began after this call has ended. */
  runNow(): Promise<void>;
}

/**
 * Repeats work in this process until disposed of, first after one interval, without overlap. For work of each process
 * on its own memory or connection; what all processes need done once is a periodic job.
 */
export function every({ clock, intervalMs, run, onError }: RepeatOptions): Repetition {
  let cancelTimer: CancelTimer = () => undefined;
  let running: Promise<void> | undefined;
  let following: Promise<void> | undefined;
  let isClosed = false;

  /** Resolves to the pause until the next run. */
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
