import type { ChatParts } from '../chat/chat.ts';
import {
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
import { schedule } from './schedule.ts';

/** Runs jobs in this process. Disposing takes no further jobs and waits for those that run. */
export async function startJobs(
  { config, clock, logger, metrics }: Base,
  records: Records,
  vendors: Vendors,
  chats: ChatParts,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { database } = records;
  const { db } = database;
  const { databaseUrl, redisUrl } = config;
  const jobs = allJobs({ clock, records, vendors, prices: listPrices, chats });
  const queue = stack.use(
    await openQueue({ databaseUrl, redisUrl, database, clock, logger, ownQueues: jobsWithOwnQueue(jobs) }),
  );
  stack.use(new OutboxRelay({ database, queue, clock, logger }));
  stack.use(startWorker({ queue, db, clock, logger, metrics, jobs }));
  stack.use(startScheduler({ db, clock, logger, jobs, lines: schedule }));
  stack.use(watchJobs({ db, clock, logger, metrics }));
  return stack.move();
}
