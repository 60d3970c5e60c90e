import type { ChatParts } from '../chat/chat.ts';
import { listPrices } from '../vendors/vendors.ts';
import { allJobs } from './all-jobs.ts';
import type { Base } from './base.ts';
import type { Vendors } from './connect-vendors.ts';
import { openJobs } from './open-jobs.ts';
import type { Records } from './records.ts';

/** Runs jobs in this process. Disposing takes no further jobs and waits for those that run. */
export async function startJobs(
  { config, clock, logger, metrics }: Base,
  { database, tenancy, storage }: Records,
  { embedder, carrier }: Vendors,
  chats: ChatParts,
): Promise<AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const { numbers, webhooks } = carrier;
  const jobs = allJobs({
    storage,
    clock,
    embedder,
    tenancy,
    prices: listPrices,
    carrier: numbers,
    webhooks,
    chats,
  });
  await openJobs({ config, database, clock, logger, metrics, jobs }, stack);
  return stack.move();
}
