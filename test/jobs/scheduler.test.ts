import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { declareJob } from '../../src/jobs/job.ts';
import type { ScheduleLine } from '../../src/jobs/schedule.ts';
import { startScheduler } from '../../src/jobs/scheduler.ts';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { runAcrossTenants } from '../../src/platform/data/tx.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openTestDatabase } from '../support/test-database.ts';

const logger = pino({ level: 'silent' });
const jobs = ['report', 'tidy'].map((name) =>
  declareJob({ name, schema: z.object({}), run: () => Promise.resolve() }),
);
const report: ScheduleLine = {
  name: 'daily-report',
  job: 'report',
  cron: '0 18 * * *',
  timeZone: 'Africa/Nairobi',
};
const tidy: ScheduleLine = { name: 'tidy-often', job: 'tidy', everyMs: 20_000 };

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

let cleanup = new AsyncDisposableStack();
afterEach(async () => {
  await cleanup.disposeAsync();
  cleanup = new AsyncDisposableStack();
  await takeRuns();
  await runAcrossTenants(database.db, (tx) =>
    tx.updateTable('jobSchedule').set({ rule: 'of another test' }).execute(),
  );
});

/** What has been enqueued, as if it had run at once. */
async function takeRuns(): Promise<string[]> {
  const rows = await runAcrossTenants(database.db, (tx) =>
    tx.deleteFrom('outbox').returning(['job', 'data', 'tenantId']).execute(),
  );
  return rows
    .map(({ job, data }) => `${job} ${(data as { scheduledFor: string }).scheduledFor.slice(0, 19)}`)
    .toSorted();
}

/** Lets time pass, and every scheduler on this clock come to rest. */
async function pass(clock: FakeClock, durationMs: number, schedulers = 1): Promise<void> {
  clock.advance(durationMs);
  await vi.waitFor(() => {
    expect(clock.pendingTimers).toBe(schedulers);
    clock.advance(0);
    expect(clock.pendingTimers).toBe(schedulers);
  });
}

const hourMs = 3_600_000;

function start(clock: FakeClock, lines: readonly ScheduleLine[]): AsyncDisposable {
  return cleanup.use(startScheduler({ db: database.db, clock, logger, lines, jobs }));
}

describe('the scheduler', () => {
  it('enqueues a daily job when the clock in its zone says so', async () => {
    const clock = new FakeClock(new Date('2026-03-02T14:30:00Z'));
    start(clock, [report]);
    await pass(clock, 0);
    expect(await takeRuns()).toEqual([]);
    for (let minute = 0; minute < 29; minute += 1) await pass(clock, 60_000);
    expect(await takeRuns()).toEqual([]);
    await pass(clock, 60_000);
    expect(await takeRuns()).toEqual(['report 2026-03-02T15:00:00']);
    await pass(clock, 60_000);
    expect(await takeRuns()).toEqual([]);
  });

  it('makes up once for all that was missed while no node ran, and then keeps to its times', async () => {
    const before = new FakeClock(new Date('2026-03-02T14:30:00Z'));
    const first = start(before, [report, tidy]);
    await pass(before, 0);
    await first[Symbol.asyncDispose]();
    // Three days and a bit later.
    const after = new FakeClock(new Date('2026-03-05T20:00:07Z'));
    start(after, [report, tidy]);
    await pass(after, 0);
    expect(await takeRuns()).toEqual(['report 2026-03-05T15:00:00', 'tidy 2026-03-05T20:00:00']);
    await pass(after, 13_000);
    expect(await takeRuns()).toEqual(['tidy 2026-03-05T20:00:20']);
  });

  it('enqueues each tick once, however many nodes run', async () => {
    const clock = new FakeClock(new Date('2026-03-02T14:30:00Z'));
    const nodes = 4;
    for (let node = 0; node < nodes; node += 1) start(clock, [tidy]);
    await pass(clock, 0, nodes);
    for (let tick = 1; tick <= 5; tick += 1) {
      await pass(clock, 20_000, nodes);
      expect(await takeRuns()).toHaveLength(1);
    }
  });

  it('adds no run while the last one waits, and begins a dead one anew', async () => {
    const clock = new FakeClock(new Date('2026-03-02T14:30:00Z'));
    start(clock, [tidy]);
    await pass(clock, 0);
    await pass(clock, 20_000);
    await pass(clock, 20_000);
    const stored = () =>
      runAcrossTenants(database.db, (tx) =>
        tx.selectFrom('outbox').select(['attempts', 'deadAt', 'data']).execute(),
      );
    expect(await stored()).toMatchObject([{ data: { scheduledFor: '2026-03-02T14:30:20.000Z' } }]);
    await runAcrossTenants(database.db, (tx) =>
      tx.updateTable('outbox').set({ deadAt: new Date(), attempts: 5, failure: 'always' }).execute(),
    );
    await pass(clock, 20_000);
    expect(await stored()).toMatchObject([
      { attempts: 0, deadAt: null, data: { scheduledFor: '2026-03-02T14:31:00.000Z' } },
    ]);
  });

  it('goes by a line that has changed, and leaves it to the nodes that have the new one', async () => {
    const clock = new FakeClock(new Date('2026-03-02T14:30:00Z'));
    start(clock, [report]);
    await pass(clock, 0);
    start(clock, [{ ...report, cron: '40 17 * * *' }]);
    await pass(clock, 0, 2);
    await pass(clock, 11 * 60_000, 2);
    expect(await takeRuns()).toEqual(['report 2026-03-02T14:40:00']);
    await pass(clock, hourMs, 2);
    expect(await takeRuns()).toEqual([]);
  });

  it('goes on when the database was away', async () => {
    const clock = new FakeClock(new Date('2026-03-02T14:30:00Z'));
    let isAway = true;
    const db = new Proxy(database.db, {
      get(target, name) {
        if (isAway && name === 'transaction') throw new Error('away');
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    cleanup.use(startScheduler({ db, clock, logger, lines: [tidy], jobs }));
    await pass(clock, 0);
    await pass(clock, 30_000);
    isAway = false;
    await pass(clock, 1_000);
    await pass(clock, 20_000);
    expect(await takeRuns()).toEqual(['tidy 2026-03-02T14:30:40']);
  });

  it('refuses a schedule with a mistake in it as it starts', () => {
    const clock = new FakeClock();
    for (const lines of [
      [{ ...report, timeZone: 'Nairobi' }],
      [{ ...report, job: 'repotr' }],
      [report, { ...tidy, name: 'daily-report' }],
    ]) {
      expect(() => startScheduler({ db: database.db, clock, logger, lines, jobs })).toThrow(/./);
    }
  });
});
