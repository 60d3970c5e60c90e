import type { Logger } from 'pino';
import { LiveEvents } from '../business/tenancy/live/live.ts';
import { createTenancy, type Tenancy } from '../business/tenancy/tenancy.ts';
import { openCipher } from '../platform/crypto/encryption-keys.ts';
import { openDatabase, type OpenDatabase } from '../platform/data/db.ts';
import { migrate } from '../platform/data/migrations.ts';
import { DiskStorage } from '../platform/data/storage-disk.ts';
import type { Storage } from '../platform/data/storage.ts';
import type { Config } from './config.ts';
import { allProcessors } from './processors.ts';

/** The database, the events committed to it, and file storage. */
export interface Records extends AsyncDisposable {
  readonly database: OpenDatabase;
  readonly tenancy: Tenancy;
  /** Events that this process has committed, for subscribers of the live stream. */
  readonly liveEvents: LiveEvents;
  readonly storage: Storage;
}

/** For the server, and for commands that work on its record. */
export async function openRecords({
  config,
  logger,
}: {
  readonly config: Pick<Config, 'databaseUrl' | 'dataDir' | 'encryptionKeys'>;
  readonly logger: Logger;
}): Promise<Records> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await openDatabase({ ...config, logger }));
  const steps = await migrate(database.db);
  if (steps.length > 0) logger.info({ steps }, 'database migrations applied');
  const cipher = await openCipher(config);
  const liveEvents = new LiveEvents(logger);
  const owned = stack.move();
  return {
    database,
    liveEvents,
    tenancy: createTenancy(database.db, cipher, [...allProcessors(), liveEvents.processor]),
    storage: new DiskStorage(config.dataDir),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
