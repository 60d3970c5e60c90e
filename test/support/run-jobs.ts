import { pino } from 'pino';
import { allEventTypes } from '../../src/app/events.ts';
import { allProcessors } from '../../src/app/processors.ts';
import { processEventJob } from '../../src/business/tenancy/events/process-events.ts';
import type { Tenancy } from '../../src/business/tenancy/tenancy.ts';
import { type JobDeclaration, jobContext } from '../../src/jobs/job.ts';
import type { Db } from '../../src/platform/data/db.ts';
import { runAcrossTenants } from '../../src/platform/data/tx.ts';

const logger = pino({ level: 'silent' });

/**
 * Runs what waits in the outbox now, in the order it was enqueued, and what that enqueues in turn: alerts and whatever
 * else follows from an event a moment later. Jobs that are not among `jobs` stay where they are.
 */
export async function runJobs(
  { db, tenancy }: { readonly db: Db; readonly tenancy: Tenancy },
  jobs: readonly JobDeclaration[] = [
    processEventJob({ tenancy, eventTypes: allEventTypes, processors: allProcessors() }),
  ],
): Promise<void> {
  const names = jobs.map(({ name }) => name);
  for (;;) {
    const waiting = await runAcrossTenants(db, (transaction) =>
      transaction
        .selectFrom('outbox')
        .select(['id', 'job', 'data'])
        .where('job', 'in', names)
        .where('deadAt', 'is', null)
        .orderBy('id')
        .execute(),
    );
    if (waiting.length === 0) return;
    for (const { id, job: name, data } of waiting) {
      const job = jobs.find((declared) => declared.name === name)!;
      await job.run(job.schema.parse(data), jobContext({ logger }));
      await runAcrossTenants(db, (transaction) =>
        transaction.deleteFrom('outbox').where('id', '=', id).execute(),
      );
    }
  }
}
