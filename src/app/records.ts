import { LiveEvents } from '../business/tenancy/live/live.ts';
import { createTenancy, type Tenancy } from '../business/tenancy/tenancy.ts';
import { openCipher } from '../platform/crypto/encryption-keys.ts';
import { openDatabase, type OpenDatabase } from '../platform/data/db.ts';
import { migrate } from '../platform/data/migrations.ts';
import { DiskStorage } from '../platform/data/storage-disk.ts';
import type { Storage } from '../platform/data/storage.ts';
import type { Base } from './base.ts';
import { allProcessors } from './processors.ts';

/** What the server remembers: the database, the events committed to it, and the files beside it. */
export interface Records extends AsyncDisposable {
  readonly database: OpenDatabase;
  readonly tenancy: Tenancy;
  /** What this process commits, for whoever is looking on. */
  readonly liveEvents: LiveEvents;
  readonly storage: Storage;
}

export async function openRecords({ config, logger }: Base): Promise<Records> {
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
