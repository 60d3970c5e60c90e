import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { cancelJob, enqueue } from '../../src/jobs/outbox.ts';
import { OutboxRelay } from '../../src/jobs/outbox-relay.ts';
import type { JobQueue, QueuedJob } from '../../src/jobs/queue.ts';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { runAcrossTenants, runInTenant } from '../../src/platform/data/tx.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openTestDatabase } from '../support/test-database.ts';

const tenantId = newId('tnt');
const logger = pino({ level: 'silent' });

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterEach(() => runAcrossTenants(database.db, (tx) => tx.deleteFrom('outbox').execute()));
afterAll(() => database[Symbol.asyncDispose]());

function aRelay(clock: FakeClock) {
  const handed: QueuedJob[] = [];
  const queue: JobQueue = {
    add: async (job) => void handed.push(job),
    work: () => ({ [Symbol.asyncDispose]: () => Promise.resolve() }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const relay = new OutboxRelay({ database, queue, clock, logger });
  /** Lets time pass, and the relay come to rest: its timer is set again, and not for this very moment. */
  const pass = async (durationMs: number): Promise<void> => {
    clock.advance(durationMs);
    await vi.waitFor(() => {
      expect(clock.pendingTimers).toBe(1);
      clock.advance(0);
      expect(clock.pendingTimers).toBe(1);
    });
  };
  return { handed, relay, pass, jobs: () => handed.map(({ jobId }) => jobId) };
}

const enqueueAt = (jobId: string, dueAt: Date | undefined): Promise<void> =>
  runInTenant(database.db, tenantId, (tx) => enqueue(tx, { tenantId, job: 'note', data: {}, jobId, dueAt }));

describe('the outbox relay', () => {
  it('hands over a job in two hours in two hours, to the millisecond, and one for now now', async () => {
    const clock = new FakeClock();
    const inTwoHours = new Date(clock.date().getTime() + 2 * 3_600_000);
    await enqueueAt('later', inTwoHours);
    await enqueueAt('now', undefined);
    const { relay, handed, jobs, pass } = aRelay(clock);
    await pass(0);
    expect(jobs()).toEqual(['now']);
    await runInTenant(database.db, tenantId, (tx) => cancelJob(tx, tenantId, 'now'));
    await pass(2 * 3_600_000 - 1);
    expect(jobs()).toEqual(['now']);
    await pass(1);
    expect(jobs()).toEqual(['now', 'later']);
    expect(handed[1]?.dueAt).toEqual(inTwoHours);
    await relay[Symbol.asyncDispose]();
    expect(clock.pendingTimers).toBe(0);
  });

  it('hands over again what is still here after ten minutes, counted from when it was handed over', async () => {
    const clock = new FakeClock();
    const inAnHour = new Date(clock.date().getTime() + 3_600_000);
    await enqueueAt('an-hour', inAnHour);
    const { relay, jobs, pass } = aRelay(clock);
    await pass(0);
    for (const [minutes, times] of [
      [59, 0],
      [1, 1],
      [9, 1],
      [2, 2],
      [9, 2],
    ] as const) {
      await pass(minutes * 60_000);
      // Time has passed in one leap: the look that it woke began at its start.
      await pass(3_000);
      expect(jobs()).toHaveLength(times);
    }
    await relay[Symbol.asyncDispose]();
  });
});
