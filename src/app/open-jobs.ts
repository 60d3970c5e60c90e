import type { Logger } from 'pino';
import {
  type JobDeclaration,
  openQueue,
  OutboxRelay,
  startScheduler,
  startWorker,
  watchJobs,
  withOwnPlaces,
} from '../jobs/jobs.ts';
import { schedule } from './schedule.ts';
import type { OpenDatabase } from '../platform/data/db.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Metrics } from '../platform/process/metrics.ts';
import type { Config } from './config.ts';

interface JobsDependencies {
  readonly config: Config;
  readonly database: OpenDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly jobs: readonly JobDeclaration[];
}

/** Opens the queue and starts the outbox relay, the worker and the scheduler; disposing `stack` stops them. */
export async function openJobs(
  { config, database, clock, logger, metrics, jobs }: JobsDependencies,
  stack: AsyncDisposableStack,
): Promise<void> {
  const options = { ...config, database, clock, logger, withOwnPlaces: withOwnPlaces(jobs) };
  const queue = stack.use(await openQueue(options));
  stack.use(new OutboxRelay({ database, queue, clock, logger }));
  stack.use(startWorker({ queue, db: database.db, clock, logger, metrics, jobs }));
  stack.use(startScheduler({ db: database.db, clock, logger, jobs, lines: schedule }));
  stack.use(watchJobs({ db: database.db, clock, logger, metrics }));
}
