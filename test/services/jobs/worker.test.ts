import { openDatabase } from '../../../src/platform/data/db.ts';
import { migrate } from '../../../src/platform/data/migrations.ts';
import { describeJobs, type JobsEnvironment } from '../../contracts/jobs.ts';
import { describeKilledWorker } from '../../contracts/killed-worker.ts';
import { requireService } from '../../support/services.ts';
import { createServerDatabase } from '../../support/test-database.ts';

async function open(redisUrl: string | undefined): Promise<JobsEnvironment> {
  const server = await createServerDatabase();
  const logger = { error: (): void => undefined };
  const database = await openDatabase({ databaseUrl: server.url, dataDir: '', logger });
  await migrate(database.db);
  return {
    database,
    databaseUrl: server.url,
    redisUrl,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describeJobs('in PostgreSQL', () => open(undefined));
describeJobs('on Redis', () => open(requireService('REDIS_URL')));

describeKilledWorker('in PostgreSQL', () => open(undefined));
describeKilledWorker('on Redis', () => open(requireService('REDIS_URL')));
