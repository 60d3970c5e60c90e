import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventsCommand } from '../../contracts/events-command.ts';
import { createServerDatabase } from '../../support/test-database.ts';

describeEventsCommand('postgres', async () => {
  const server = await createServerDatabase();
  // For the key of personal data, which the command makes where none is given.
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-events-'));
  return {
    databaseUrl: server.url,
    dataDir,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true });
    },
  };
});
