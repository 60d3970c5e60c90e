import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { declareJob } from '../../src/jobs/job.ts';
import { enqueue } from '../../src/jobs/outbox.ts';
import { OutboxRelay } from '../../src/jobs/outbox-relay.ts';
import { openQueue } from '../../src/jobs/queue.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { runAcrossTenants, runInTenant } from '../../src/platform/data/tx.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import { Metrics } from '../../src/platform/process/metrics.ts';
import type { JobsEnvironment } from './jobs.ts';

const tenantId = newId('tnt');
const stalledAfterMs = 1_000;
const script = fileURLToPath(new URL('killing-process.ts', import.meta.url));

/** A job that kills each process that runs it, whatever stores the queue. The processes are real, and so are their ends. */
export function describeKilledWorker(title: string, open: () => Promise<JobsEnvironment>): void {
  describe(`a job that kills its process, ${title}`, () => {
    let environment: JobsEnvironment;
    const name = `test-${newId('queue')}`;
    beforeAll(async () => {
      environment = await open();
    });
    afterAll(() => environment[Symbol.asyncDispose]());

    const stored = () =>
      runAcrossTenants(environment.database.db, (tx) =>
        tx.selectFrom('outbox').select(['jobId', 'attempts', 'deadAt', 'failure']).execute(),
      );
    const add = (job: string): Promise<void> =>
      runInTenant(environment.database.db, tenantId, (tx) =>
        enqueue(tx, { tenantId, job, jobId: `${job}-1`, data: {} }),
      );

    /** Runs jobs until it is killed; resolves to the signal, which is SIGTERM where nothing has killed it in time. */
    async function processThatIsKilled(): Promise<unknown> {
      const { databaseUrl = '', redisUrl = '' } = environment;
      const parameters = [script, databaseUrl, redisUrl, name, String(stalledAfterMs)];
      const child = spawn(process.execPath, parameters, { stdio: 'inherit', timeout: 30_000 });
      const [, signal] = await once(child, 'exit');
      return signal;
    }

    it('is dead-lettered by another process after five attempts, and the other jobs are run', async () => {
      await add('kill');
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        expect(await processThatIsKilled()).toBe('SIGKILL');
        expect(await stored()).toMatchObject([{ jobId: 'kill-1', attempts: attempt, deadAt: null }]);
      }
      await add('fine');
      const ran: string[] = [];
      const metrics = new Metrics();
      const lines: string[] = [];
      await using _ = await survivor({ ran, metrics, lines });
      await vi.waitFor(async () => {
        expect(await stored()).toMatchObject([{ jobId: 'kill-1', deadAt: expect.any(Date) as Date }]);
      }, 20_000);
      expect(ran.toSorted()).toEqual(['fine', 'kill is dead after attempt 6']);
      expect((await stored())[0]!.failure).toBe('Each attempt ended the process that made it.');
      expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
        { msg: 'job dead-lettered', job: 'kill', jobId: 'kill-1' },
      ]);
      expect(await metrics.registry.metrics()).toContain('parley_jobs_dead_lettered_total{job="kill"} 1');
    });

    /** A process that is not killed: this one. */
    async function survivor({ ran, metrics, lines }: Survived): Promise<AsyncDisposable> {
      const { database } = environment;
      const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
      const clock = systemClock;
      const jobs = [
        declareJob({
          name: 'kill',
          schema: z.object({}),
          run: async () => void ran.push('kill was run'),
          onDeadLetter: async (_data, { attempt }) => void ran.push(`kill is dead after attempt ${attempt}`),
        }),
        declareJob({ name: 'fine', schema: z.object({}), run: async () => void ran.push('fine') }),
      ];
      const stack = new AsyncDisposableStack();
      const queue = stack.use(await openQueue({ ...environment, clock, logger, name, stalledAfterMs }));
      stack.use(startWorker({ queue, db: database.db, clock, logger, metrics, jobs }));
      stack.use(new OutboxRelay({ database, queue, clock, logger }));
      return stack;
    }
  });
}

interface Survived {
  readonly ran: string[];
  readonly metrics: Metrics;
  readonly lines: string[];
}
