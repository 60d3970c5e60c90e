import { pino } from 'pino';
import { z } from 'zod';
import { declareJob } from '../../src/jobs/job.ts';
import { OutboxRelay } from '../../src/jobs/outbox-relay.ts';
import { openQueue } from '../../src/jobs/queue.ts';
import { startWorker } from '../../src/jobs/worker.ts';
import { openDatabase } from '../../src/platform/data/db.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import { Metrics } from '../../src/platform/process/metrics.ts';

/** A process of the fleet with a job that kills it, as the system does when memory runs out. Started by `killed-worker.ts`. */
const [databaseUrl = '', redisUrl, name = '', stalledAfterMs] = process.argv.slice(2);
const clock = systemClock;
const logger = pino({ level: 'silent' });
const jobs = [
  declareJob({
    name: 'kill',
    schema: z.object({}),
    run: () => {
      process.kill(process.pid, 'SIGKILL');
      return new Promise<never>(() => undefined);
    },
  }),
];

const database = await openDatabase({ databaseUrl, dataDir: '', logger });
const queue = await openQueue({
  database,
  databaseUrl,
  redisUrl: redisUrl === '' ? undefined : redisUrl,
  clock,
  logger,
  name,
  stalledAfterMs: Number(stalledAfterMs),
});
startWorker({ queue, db: database.db, clock, logger, metrics: new Metrics(), jobs });
void new OutboxRelay({ database, queue, clock, logger });
