import type { ChatParts } from '../chat/chat.ts';
import {
  type JobDeclaration,
  openQueue,
  OutboxRelay,
  startScheduler,
  startWorker,
  watchJobs,
  jobsWithOwnQueue,
} from '../jobs/jobs.ts';
import { listPrices } from '../vendors/vendors.ts';
import { allJobs } from './all-jobs.ts';
import type { Base } from './base.ts';
import type { Vendors } from './connect-vendors.ts';
import type { Records } from './records.ts';
import { lineOf, type PeriodicJob, schedule } from './schedule.ts';

/** Runs jobs in this process. Disposing takes no further jobs and waits for those that run. */
export function startJobs(
  base: Base,
  records: Records,
  vendors: Vendors,
  chats: ChatParts,
): Promise<AsyncDisposable> {
  const { clock } = base;
  const jobs = allJobs({ clock, records, vendors, prices: listPrices, chats });
  return runJobs(base, records, { jobs, periodic: schedule({ clock, records, carrier: vendors.carrier }) });
}

interface JobLists {
  readonly jobs: readonly JobDeclaration[];
  readonly periodic: readonly PeriodicJob[];
}

/** Relays, runs and schedules these jobs. */
export async function runJobs(
  { config, clock, logger, metrics }: Pick<Base, 'config' | 'clock' | 'logger' | 'metrics'>,
  { database }: Pick<Records, 'database'>,
  { jobs: enqueued, periodic }: JobLists,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { db } = database;
  const { databaseUrl, redisUrl } = config;
  const jobs = [...enqueued, ...periodic.map(({ job }) => job)];
  const queue = stack.use(
    await openQueue({ databaseUrl, redisUrl, database, clock, logger, ownQueues: jobsWithOwnQueue(jobs) }),
  );
  stack.use(new OutboxRelay({ database, queue, clock, logger }));
  stack.use(startWorker({ queue, db, clock, logger, metrics, jobs }));
  stack.use(startScheduler({ db, clock, logger, jobs, lines: periodic.map(lineOf) }));
  stack.use(watchJobs({ db, clock, logger, metrics }));
  return stack.move();
}
