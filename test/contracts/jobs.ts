import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { startWorker, jobsWithOwnQueue } from '../../src/jobs/worker.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { type AnyTransaction, runAcrossTenants, runInTenant } from '../../src/platform/data/tx.ts';
import { Metrics } from '../../src/platform/process/metrics.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { declareJob, type JobDeclaration } from '../../src/jobs/job.ts';
import { cancelJob, enqueue, type NewJob, rescheduleJob } from '../../src/jobs/outbox.ts';
import { OutboxRelay } from '../../src/jobs/outbox-relay.ts';
import { startScheduler } from '../../src/jobs/scheduler.ts';
import { type JobQueue, openQueue } from '../../src/jobs/queue.ts';

const tenantId = newId('tnt');
const logger = pino({ level: 'silent' });

export interface JobsEnvironment extends AsyncDisposable {
  readonly database: OpenDatabase;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

/** Jobs from the transaction that enqueues them to their end, whatever stores the queue. */
export function describeJobs(title: string, open: () => Promise<JobsEnvironment>): void {
  describe(`jobs ${title}`, () => {
    let environment: JobsEnvironment;
    beforeAll(async () => {
      environment = await open();
    });
    afterAll(() => environment[Symbol.asyncDispose]());

    let cleanup: AsyncDisposableStack;
    beforeEach(() => {
      cleanup = new AsyncDisposableStack();
    });
    afterEach(() => cleanup.disposeAsync());

    const newQueue = (jobs: readonly JobDeclaration[] = []): Promise<JobQueue> =>
      openQueue({
        ...environment,
        clock: systemClock,
        logger,
        ownQueues: jobsWithOwnQueue(jobs),
        name: `test-${randomBytes(4).toString('hex')}`,
      });

    const inTenant = <Result>(work: (tx: AnyTransaction) => Promise<Result>): Promise<Result> =>
      runInTenant(environment.database.db, tenantId, work);

    const add = (job: string, jobId: string, data: unknown, more: Partial<NewJob> = {}): Promise<void> =>
      inTenant((tx) => enqueue(tx, { tenantId, job, jobId, data, ...more }));

    const stored = () =>
      runAcrossTenants(environment.database.db, (tx) =>
        tx
          .selectFrom('outbox')
          .select(['jobId', 'deadAt', 'failure', 'attempts', 'dueAt', 'handedAt'])
          .execute(),
      );

    /** As if everything handed over were lost with its queue or its process, more than ten minutes ago. */
    const loseWhatIsHanded = () =>
      runAcrossTenants(environment.database.db, (tx) =>
        tx
          .updateTable('outbox')
          .set({ handedAt: new Date(Date.now() - 11 * 60_000) })
          .execute(),
      );

    const forgetAll = () =>
      runAcrossTenants(environment.database.db, (tx) => tx.deleteFrom('outbox').execute());

    const work = (queue: JobQueue, jobs: readonly JobDeclaration[]): AsyncDisposable =>
      startWorker({
        queue,
        db: environment.database.db,
        clock: systemClock,
        logger,
        metrics: new Metrics(),
        jobs,
        retryAfterMs: 5,
      });

    const relayTo = (queue: JobQueue): OutboxRelay =>
      new OutboxRelay({ database: environment.database, queue, clock: systemClock, logger });

    /** Everything that runs jobs, for as long as a test wants them run. */
    async function running(jobs: readonly JobDeclaration[], queue?: JobQueue): Promise<AsyncDisposable> {
      const stack = new AsyncDisposableStack();
      const used = stack.use(queue ?? (await newQueue(jobs)));
      stack.use(work(used, jobs));
      stack.use(relayTo(used));
      return stack;
    }

    async function during(part: AsyncDisposable, wait: () => Promise<void>): Promise<void> {
      try {
        await wait();
      } finally {
        await part[Symbol.asyncDispose]();
      }
    }

    /** A job that notes what it was given. */
    function noting(seen: number[]): JobDeclaration {
      const schema = z.object({ n: z.number() });
      return declareJob({ name: 'count', schema, run: async ({ n }) => void seen.push(n) });
    }

    it('runs a job enqueued in a transaction once it commits, and stores nothing of it afterwards', async () => {
      const seen: unknown[] = [];
      const job = declareJob({
        name: 'greet',
        schema: z.object({ name: z.string() }),
        run: async (data) => void seen.push(data),
      });
      cleanup.use(await running([job]));
      await add('greet', 'greet-1', { name: 'Ada' });
      await vi.waitFor(() => expect(seen).toEqual([{ name: 'Ada' }]), 5_000);
      await vi.waitFor(async () => expect(await stored()).toEqual([]), 5_000);
    });

    it('never runs a job whose transaction failed', async () => {
      const seen: number[] = [];
      const job = noting(seen);
      cleanup.use(await running([job]));
      const failed = inTenant(async (tx) => {
        await enqueue(tx, { tenantId, job: 'count', jobId: 'count-1', data: { n: 1 } });
        throw new Error('changed my mind');
      });
      await expect(failed).rejects.toThrow('changed my mind');
      await add('count', 'count-2', { n: 2 });
      await vi.waitFor(() => expect(seen).toEqual([2]), 5_000);
    });

    it('runs a job enqueued twice under one id once', async () => {
      const seen: number[] = [];
      const job = noting(seen);
      await add('count', 'count-same', { n: 1 });
      await add('count', 'count-same', { n: 1 });
      await add('count', 'count-last', { n: 2 });
      cleanup.use(await running([job]));
      await vi.waitFor(() => expect(seen).toContain(2), 5_000);
      expect(seen.toSorted((a, b) => a - b)).toEqual([1, 2]);
    });

    it('tries a job that fails again', async () => {
      let runs = 0;
      const job = declareJob({
        name: 'stumble',
        schema: z.object({}),
        run: async () => {
          runs += 1;
          if (runs < 3) throw new Error('not yet');
        },
      });
      cleanup.use(await running([job]));
      await add('stumble', 'stumble-1', {});
      await vi.waitFor(async () => expect(await stored()).toEqual([]), 10_000);
      expect(runs).toBe(3);
    });

    it('[F27] dead-letters a job after five attempts, and goes on with the others', async () => {
      let runs = 0;
      const seen: string[] = [];
      const dead: unknown[] = [];
      const poison = declareJob({
        name: 'poison',
        schema: z.object({ n: z.number() }),
        run: async (_data, { attempt }) => {
          runs += 1;
          throw new Error(`failed ${attempt}`);
        },
        onDeadLetter: async (data) => void dead.push(data),
      });
      const fine = declareJob({
        name: 'fine',
        schema: z.object({}),
        run: async () => void seen.push('fine'),
      });
      cleanup.use(await running([poison, fine]));
      await add('poison', 'poison-1', { n: 7 });
      await add('poison', 'poison-unknown-data', 'not an object');
      await add('fine', 'fine-1', {});
      await vi.waitFor(() => expect(seen).toEqual(['fine']), 5_000);
      await vi.waitFor(async () => {
        const rows = await stored();
        expect(
          rows
            .filter((row) => row.deadAt !== null)
            .map((row) => row.jobId)
            .toSorted(),
        ).toEqual(['poison-1', 'poison-unknown-data']);
        expect(rows.find((row) => row.jobId === 'poison-1')?.failure).toBe('failed 5');
      }, 10_000);
      expect(runs).toBe(5);
      expect(dead).toEqual([{ n: 7 }]);
      await forgetAll();
    });

    it('[F27] dead-letters a job that ends its process each time, after five attempts', async () => {
      let runs = 0;
      const dead: number[] = [];
      const ended = Promise.withResolvers<void>();
      const killer = declareJob({
        name: 'kill',
        schema: z.object({}),
        run: () => {
          runs += 1;
          return ended.promise;
        },
        onDeadLetter: async (_data, { attempt }) => void dead.push(attempt),
      });
      await add('kill', 'kill-1', {});
      for (let attempt = 1; attempt <= 6; attempt += 1) {
        const queue = cleanup.use(await newQueue());
        cleanup.use(work(queue, [killer]));
        await during(relayTo(queue), async () => {
          await vi.waitFor(async () => expect(await stored()).toMatchObject([{ attempts: attempt }]), 5_000);
        });
        if (attempt <= 5) await loseWhatIsHanded();
      }
      await vi.waitFor(async () => expect((await stored())[0]?.deadAt).toBeInstanceOf(Date), 5_000);
      expect(await stored()).toMatchObject([{ failure: 'Each attempt ended the process that made it.' }]);
      expect([runs, dead]).toEqual([5, [6]]);
      await forgetAll();
      ended.resolve();
    });

    it('[F37] leaves a job that it does not know for a node that does, without counting attempts', async () => {
      const seen: number[] = [];
      await during(await running([]), async () => {
        await add('count', 'count-new', { n: 1 });
        await vi.waitFor(async () => expect((await stored())[0]?.dueAt).toBeInstanceOf(Date), 5_000);
      });
      expect(await stored()).toMatchObject([{ attempts: 0, deadAt: null, handedAt: null, failure: null }]);
      cleanup.use(await running([noting(seen)]));
      expect(await inTenant((tx) => rescheduleJob(tx, tenantId, 'count-new', new Date()))).toBe(true);
      await vi.waitFor(() => expect(seen).toEqual([1]), 5_000);
    });

    it('runs a job when it is due, and not before', async () => {
      const ranAtMs: number[] = [];
      const job = declareJob({
        name: 'wait',
        schema: z.object({}),
        run: async () => void ranAtMs.push(Date.now()),
      });
      cleanup.use(await running([job]));
      const dueAtMs = Date.now() + 1_000;
      await add('wait', 'wait-1', {}, { dueAt: new Date(dueAtMs) });
      await vi.waitFor(() => expect(ranAtMs).toHaveLength(1), 5_000);
      expect(ranAtMs[0]! - dueAtMs).toBeGreaterThanOrEqual(-1);
      // The relay knows when the next job falls due; it does not wait for its next look.
      expect(ranAtMs[0]! - dueAtMs).toBeLessThan(1_500);
      await vi.waitFor(async () => expect(await stored()).toEqual([]), 5_000);
    });

    it('cancels a job that waits, for its own tenant alone', async () => {
      const seen: number[] = [];
      const dueAt = new Date(Date.now() + 300);
      await add('count', 'count-cancelled', { n: 1 }, { dueAt });
      await add('count', 'count-stays', { n: 2 }, { dueAt });
      const other = newId('tnt');
      const { db } = environment.database;
      expect(await runInTenant(db, other, (tx) => cancelJob(tx, tenantId, 'count-stays'))).toBe(false);
      expect(await inTenant((tx) => cancelJob(tx, tenantId, 'count-cancelled'))).toBe(true);
      expect(await inTenant((tx) => cancelJob(tx, tenantId, 'count-cancelled'))).toBe(false);
      cleanup.use(await running([noting(seen)]));
      await vi.waitFor(async () => expect(await stored()).toEqual([]), 5_000);
      expect(seen).toEqual([2]);
    });

    it('passes over a job that was cancelled or moved after it was handed over', async () => {
      const seen: number[] = [];
      const queue = await newQueue();
      await during(relayTo(queue), async () => {
        for (const n of [1, 2, 3]) await add('count', `count-handed-${n}`, { n });
        await vi.waitFor(async () => {
          const rows = await stored();
          expect(rows.filter(({ handedAt }) => handedAt !== null)).toHaveLength(3);
        }, 5_000);
      });
      await inTenant((tx) => cancelJob(tx, tenantId, 'count-handed-1'));
      const tomorrow = new Date(Date.now() + 24 * 3_600_000);
      await inTenant((tx) => rescheduleJob(tx, tenantId, 'count-handed-2', tomorrow));
      cleanup.use(await running([noting(seen)], queue));
      await vi.waitFor(async () => expect(await stored()).toHaveLength(1), 5_000);
      expect(seen).toEqual([3]);
      await inTenant((tx) => rescheduleJob(tx, tenantId, 'count-handed-2', new Date()));
      await vi.waitFor(() => expect(seen).toEqual([3, 2]), 5_000);
      await vi.waitFor(async () => expect(await stored()).toEqual([]), 5_000);
    });

    it('neither cancels nor moves a job that runs', async () => {
      const begun = Promise.withResolvers<void>();
      const end = Promise.withResolvers<void>();
      const job = declareJob({
        name: 'last',
        schema: z.object({}),
        run: () => {
          begun.resolve();
          return end.promise;
        },
      });
      cleanup.use(await running([job]));
      await add('last', 'last-1', {});
      await begun.promise;
      expect(await inTenant((tx) => cancelJob(tx, tenantId, 'last-1'))).toBe(false);
      expect(await inTenant((tx) => rescheduleJob(tx, tenantId, 'last-1', new Date()))).toBe(false);
      end.resolve();
      await vi.waitFor(async () => expect(await stored()).toEqual([]), 5_000);
    });

    it('runs a slow job in places of its own, which it does not exceed, beside all others', async () => {
      const seen: number[] = [];
      const end = Promise.withResolvers<void>();
      let now = 0;
      let most = 0;
      const slow = declareJob({
        name: 'slow',
        schema: z.object({}),
        maxAtOnce: 2,
        run: async () => {
          now += 1;
          most = Math.max(most, now);
          await end.promise;
          now -= 1;
        },
      });
      cleanup.use(await running([slow, noting(seen)]));
      for (let n = 1; n <= 8; n += 1) await add('slow', `slow-${n}`, {});
      await vi.waitFor(() => expect(now).toBe(2), 5_000);
      await add('count', 'count-beside', { n: 1 });
      await vi.waitFor(() => expect(seen).toEqual([1]), 5_000);
      end.resolve();
      await vi.waitFor(async () => expect(await stored()).toEqual([]), 10_000);
      expect(most).toBe(2);
    });

    it('runs each job once, however many nodes relay and work', async () => {
      const seen: number[] = [];
      const job = noting(seen);
      const queue = cleanup.use(await newQueue());
      for (let node = 0; node < 3; node += 1) {
        cleanup.use(work(queue, [job]));
        cleanup.use(relayTo(queue));
      }
      const all = Array.from({ length: 60 }, (_, n) => n);
      for (const n of all) await add('count', `count-many-${n}`, { n });
      await vi.waitFor(async () => expect(await stored()).toEqual([]), 20_000);
      expect(seen.toSorted((a, b) => a - b)).toEqual(all);
    });

    it('repeats a job at each tick of its schedule once, however many nodes tick', async () => {
      const ticks: string[] = [];
      const job = declareJob({
        name: 'repeat',
        schema: z.object({ scheduledFor: z.string() }),
        run: async ({ scheduledFor }) => void ticks.push(scheduledFor),
      });
      cleanup.use(await running([job]));
      const lines = [{ name: 'often', job: 'repeat', everyMs: 400 }];
      const { db } = environment.database;
      const nodes = [1, 2, 3].map(() =>
        startScheduler({ db, clock: systemClock, logger, lines, jobs: [job] }),
      );
      await vi.waitFor(() => expect(ticks.length).toBeGreaterThanOrEqual(4), 15_000);
      for (const node of nodes) await node[Symbol.asyncDispose]();
      expect(new Set(ticks).size).toBe(ticks.length);
      expect(ticks.map((tick) => Date.parse(tick) % 400)).toEqual(ticks.map(() => 0));
      await vi.waitFor(async () => expect(await stored()).toEqual([]), 5_000);
    });

    it('[F16] stores jobs while the queue is unavailable, and hands them over when it is back', async () => {
      const seen: number[] = [];
      const job = noting(seen);
      const queue = await newQueue();
      let isDown = true;
      const flaky: JobQueue = {
        ...queue,
        add: (added) => (isDown ? Promise.reject(new Error('unavailable')) : queue.add(added)),
      };
      cleanup.use(await running([job], flaky));
      for (const n of [1, 2, 3]) await add('count', `count-away-${n}`, { n });
      expect(await stored()).toHaveLength(3);
      expect(seen).toEqual([]);
      isDown = false;
      cleanup.use(relayTo(flaky));
      await vi.waitFor(() => expect(seen.toSorted((a, b) => a - b)).toEqual([1, 2, 3]), 5_000);
    });

    it('[F16] runs a job again that was lost with its queue', async () => {
      const seen: number[] = [];
      await using emptied = await newQueue();
      await add('count', 'count-lost', { n: 1 });
      await during(relayTo(emptied), async () => {
        await vi.waitFor(async () => expect((await stored())[0]?.handedAt).toBeInstanceOf(Date), 5_000);
      });
      await loseWhatIsHanded();
      cleanup.use(await running([noting(seen)]));
      await vi.waitFor(() => expect(seen).toEqual([1]), 5_000);
    });
  });
}
