import { describeJobs } from '../contracts/jobs.ts';
import { openTestDatabase } from '../support/test-database.ts';

describeJobs('in the embedded database', async () => {
  const database = await openTestDatabase('embedded');
  return {
    database,
    databaseUrl: undefined,
    redisUrl: undefined,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
});
