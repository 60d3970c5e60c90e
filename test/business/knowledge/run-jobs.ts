import { pino } from 'pino';
import { knowledgeJobs, type KnowledgeJobsDependencies } from '../../../src/business/knowledge/knowledge.ts';
import type { Db } from '../../../src/platform/data/db.ts';
import { runAcrossTenants } from '../../../src/platform/data/tx.ts';
import { systemClock } from '../../../src/platform/process/clock.ts';
import { jobContext } from '../../../src/jobs/job.ts';
import { testTenancy } from '../../support/test-tenancy.ts';

/** Runs the jobs that knowledge has promised, those that they promise too, until none is left. */
export async function runKnowledgeJobs(
  db: Db,
  dependencies: Pick<KnowledgeJobsDependencies, 'storage' | 'embedder'>,
): Promise<void> {
  const tenancy = testTenancy(db);
  const declared = knowledgeJobs({ ...dependencies, tenancy, clock: systemClock });
  const jobs = new Map(declared.map((job) => [job.name, job]));
  const logger = pino({ level: 'silent' });
  for (;;) {
    const rows = await runAcrossTenants(db, (transaction) =>
      transaction
        .deleteFrom('outbox')
        .where('job', 'in', [...jobs.keys()])
        .returning(['job', 'data'])
        .execute(),
    );
    if (rows.length === 0) return;
    for (const { job, data } of rows) {
      const found = jobs.get(job)!;
      await found.run(found.schema.parse(data), jobContext({ logger }));
    }
  }
}
