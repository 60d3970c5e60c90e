import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { startWorker } from '../../src/jobs/worker.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import { type OpenDatabase, withSystem, withTenant } from '../../src/platform/data/db.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { declareJob, type JobDeclaration } from '../../src/jobs/job.ts';
import { enqueueInTransaction, OutboxRelay } from '../../src/jobs/outbox.ts';
import { type JobQueue, openQueue } from '../../src/jobs/queue.ts';

const tenantId = newId('tnt');
const logger = pino({ level: 'silent' });

export interface JobsEnvironment extends AsyncDisposable {
  readonly database: OpenDatabase;
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
}

/** Jobs from the promise in a transaction to their end, whatever keeps the queue. */
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

    const newQueue = (): Promise<JobQueue> =>
      openQueue({
        ...environment,
        logger,
        name: `test-${randomBytes(4).toString('hex')}`,
        retryAfterMs: 5,
      });

    const promise = (job: string, jobId: string, data: unknown): Promise<void> =>
      withTenant(environment.database.db, tenantId, (trx) =>
        enqueueInTransaction(trx, { tenantId, job, jobId, data }),
      );

    const promised = () =>
      withSystem(environment.database.db, (trx) =>
        trx.selectFrom('outbox').select(['jobId', 'deadAt', 'failure']).execute(),
      );

    /** Everything that runs jobs, for as long as a test wants them run. */
    async function running(jobs: readonly JobDeclaration[], queue?: JobQueue): Promise<AsyncDisposable> {
      const { database } = environment;
      const stack = new AsyncDisposableStack();
      const used = stack.use(queue ?? (await newQueue()));
      stack.use(startWorker({ queue: used, db: database.db, logger, jobs }));
      stack.use(new OutboxRelay({ database, queue: used, clock: systemClock, logger }));
      return stack;
    }

    it('runs a job promised in a transaction once it commits, and then forgets it', async () => {
      const seen: unknown[] = [];
      const job = declareJob({
        name: 'greet',
        schema: z.object({ name: z.string() }),
        run: async (data) => void seen.push(data),
      });
      cleanup.use(await running([job]));
      await promise('greet', 'greet-1', { name: 'Ada' });
      await vi.waitFor(() => expect(seen).toEqual([{ name: 'Ada' }]), 5_000);
      await vi.waitFor(async () => expect(await promised()).toEqual([]), 5_000);
    });

    it('never runs a job whose transaction failed', async () => {
      const seen: number[] = [];
      const schema = z.object({ n: z.number() });
      const job = declareJob({ name: 'count', schema, run: async ({ n }) => void seen.push(n) });
      cleanup.use(await running([job]));
      const failed = withTenant(environment.database.db, tenantId, async (trx) => {
        await enqueueInTransaction(trx, { tenantId, job: 'count', jobId: 'count-1', data: { n: 1 } });
        throw new Error('changed my mind');
      });
      await expect(failed).rejects.toThrow('changed my mind');
      await promise('count', 'count-2', { n: 2 });
      await vi.waitFor(() => expect(seen).toEqual([2]), 5_000);
    });

    it('runs a job promised twice under one id once', async () => {
      const seen: number[] = [];
      const schema = z.object({ n: z.number() });
      const job = declareJob({ name: 'count', schema, run: async ({ n }) => void seen.push(n) });
      await promise('count', 'count-same', { n: 1 });
      await promise('count', 'count-same', { n: 1 });
      await promise('count', 'count-last', { n: 2 });
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
      await promise('stumble', 'stumble-1', {});
      await vi.waitFor(async () => expect(await promised()).toEqual([]), 10_000);
      expect(runs).toBe(3);
    });

    it('[F27] lays a job aside after five attempts, and goes on with the others', async () => {
      let runs = 0;
      const seen: string[] = [];
      const poison = declareJob({
        name: 'poison',
        schema: z.object({}),
        run: async () => {
          runs += 1;
          throw new Error('always');
        },
      });
      const fine = declareJob({
        name: 'fine',
        schema: z.object({}),
        run: async () => void seen.push('fine'),
      });
      cleanup.use(await running([poison, fine]));
      await promise('poison', 'poison-1', {});
      await promise('poison', 'poison-unknown-data', 'not an object');
      await promise('nobody-knows', 'unknown-1', {});
      await promise('fine', 'fine-1', {});
      await vi.waitFor(() => expect(seen).toEqual(['fine']), 5_000);
      await vi.waitFor(async () => {
        const rows = await promised();
        expect(
          rows
            .filter((row) => row.deadAt !== null)
            .map((row) => row.jobId)
            .toSorted(),
        ).toEqual(['poison-1', 'poison-unknown-data', 'unknown-1']);
        expect(rows.find((row) => row.jobId === 'poison-1')?.failure).toBe('always');
      }, 10_000);
      expect(runs).toBe(5);
      await withSystem(environment.database.db, (trx) => trx.deleteFrom('outbox').execute());
    });

    it('[F16] keeps promised jobs while the queue is out of reach, and hands them over when it is back', async () => {
      const seen: number[] = [];
      const schema = z.object({ n: z.number() });
      const job = declareJob({ name: 'count', schema, run: async ({ n }) => void seen.push(n) });
      const { database } = environment;
      const queue = await newQueue();
      let isDown = true;
      const flaky: JobQueue = {
        ...queue,
        add: (added) => (isDown ? Promise.reject(new Error('out of reach')) : queue.add(added)),
      };
      cleanup.use(await running([job], flaky));
      for (const n of [1, 2, 3]) await promise('count', `count-away-${n}`, { n });
      expect(await promised()).toHaveLength(3);
      expect(seen).toEqual([]);
      isDown = false;
      cleanup.use(new OutboxRelay({ database, queue: flaky, clock: systemClock, logger }));
      await vi.waitFor(() => expect(seen.toSorted((a, b) => a - b)).toEqual([1, 2, 3]), 5_000);
    });

    it('[F16] runs a job again that was lost with its queue', async () => {
      const seen: number[] = [];
      const schema = z.object({ n: z.number() });
      const job = declareJob({ name: 'count', schema, run: async ({ n }) => void seen.push(n) });
      const { database } = environment;
      await using emptied = await newQueue();
      await promise('count', 'count-lost', { n: 1 });
      const handOver = new OutboxRelay({ database, queue: emptied, clock: systemClock, logger });
      const handed = (): Promise<readonly unknown[]> =>
        withSystem(database.db, (trx) =>
          trx.selectFrom('outbox').select('id').where('handedAt', 'is not', null).execute(),
        );
      await vi.waitFor(async () => expect(await handed()).toHaveLength(1), 5_000);
      await handOver[Symbol.asyncDispose]();
      await withSystem(database.db, (trx) =>
        trx
          .updateTable('outbox')
          .set({ handedAt: new Date(Date.now() - 11 * 60_000) })
          .execute(),
      );
      cleanup.use(await running([job]));
      await vi.waitFor(() => expect(seen).toEqual([1]), 5_000);
    });
  });
}
