import { describe, expect, it } from 'vitest';
import { throttle } from '../../../src/platform/process/throttle.ts';
import { every } from '../../../src/platform/process/every.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const ignore = (): void => undefined;

describe('repeated work', () => {
  it('runs after each interval, counted from the end of the run before', async () => {
    const clock = new FakeClock();
    const atMs: number[] = [];
    const repetition = every({
      clock,
      intervalMs: 100,
      run: async () => {
        atMs.push(clock.nowMs());
        // Each run takes 30 ms.
        await new Promise<void>((resolve) => void clock.after(30, resolve));
      },
      onError: ignore,
    });
    await clock.advanceAsync(400);
    await repetition[Symbol.asyncDispose]();
    expect(atMs).toEqual([100, 230, 360]);
  });

  it('takes the pause that a run asks for', async () => {
    const clock = new FakeClock();
    const atMs: number[] = [];
    const pauses = [10, 20];
    await using repetition = every({
      clock,
      intervalMs: 100,
      run: async () => {
        atMs.push(clock.nowMs());
        return pauses.shift();
      },
      onError: ignore,
    });
    void repetition.runNow();
    await clock.advanceAsync(150);
    expect(atMs).toEqual([0, 10, 30, 130]);
  });

  it.each([
    ['rejected', () => Promise.reject(new Error('not today'))],
    [
      'threw before it was a promise',
      () => {
        throw new Error('not today');
      },
    ],
  ])('goes on after a run that %s', async (_how, run) => {
    const clock = new FakeClock();
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const repetition = every({ clock, intervalMs: 100, run, onError });
    await clock.advanceAsync(200);
    await repetition.runNow();
    await repetition[Symbol.asyncDispose]();
    expect(errors).toHaveLength(3);
  });

  it('runs once more for those who ask during a run, and lets them wait for that one', async () => {
    const clock = new FakeClock();
    const runs: PromiseWithResolvers<void>[] = [];
    await using repetition = every({
      clock,
      intervalMs: 1_000,
      run: () => {
        const run = Promise.withResolvers<void>();
        runs.push(run);
        return run.promise;
      },
      onError: ignore,
    });
    const first = repetition.runNow();
    let isSecondOver = false;
    const second = Promise.all([repetition.runNow(), repetition.runNow()]).then(() => (isSecondOver = true));
    runs[0]!.resolve();
    await first;
    await clock.advanceAsync(0);
    expect([runs.length, isSecondOver]).toEqual([2, false]);
    runs[1]!.resolve();
    await second;
    expect(runs).toHaveLength(2);
    expect(clock.pendingTimers).toBe(1);
  });

  it('ends with the run that is under way', async () => {
    const clock = new FakeClock();
    const end = Promise.withResolvers<void>();
    let runs = 0;
    const repetition = every({
      clock,
      intervalMs: 100,
      run: () => {
        runs += 1;
        return end.promise;
      },
      onError: ignore,
    });
    void repetition.runNow();
    void repetition.runNow();
    const disposed = repetition[Symbol.asyncDispose]();
    end.resolve();
    await disposed;
    await clock.advanceAsync(1_000);
    expect([runs, clock.pendingTimers]).toEqual([1, 0]);
  });
});

describe('a report of what repeats', () => {
  it('is passed on at most once in an interval', () => {
    const clock = new FakeClock();
    const reports: string[] = [];
    const report = throttle(1_000, clock, (what: string) => void reports.push(what));
    report('first');
    report('second');
    clock.advance(1_000);
    report('third');
    expect(reports).toEqual(['first', 'third']);
  });
});
