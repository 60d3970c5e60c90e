import { join } from 'node:path';
import type { Logger } from 'pino';
import { ingestRecords } from '../business/record/calls/ingest.ts';
import { StoredLineDirectory } from '../business/line/numbers/directory.ts';
import type { Line } from '../business/line/numbers/line.ts';
import { snapshotFile } from '../business/line/numbers/line-snapshot.ts';
import { Journals } from '../call/journal/journals.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Config } from './config.ts';
import { openDatabase, type OpenDatabase } from '../platform/data/db.ts';
import type { JobDeclaration } from '../jobs/job.ts';
import type { Metrics } from '../platform/process/metrics.ts';
import { LiveEvents } from '../business/tenancy/events/live-events.ts';
import { createTenancy, type Tenancy } from '../business/tenancy/tenancy.ts';
import { allProcessors } from './processors.ts';
import { migrate } from '../platform/data/migrations.ts';
import { openJobs } from './open-jobs.ts';

/** What the server remembers: the database, the numbers it answers, and the journals of its calls. */
export interface Records {
  readonly database: OpenDatabase;
  readonly tenancy: Tenancy;
  /** What this process commits, for whoever is looking on. */
  readonly liveEvents: LiveEvents;
  readonly directory: StoredLineDirectory;
  readonly journals: Journals;
}

interface RecordsDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly jobs: (tenancy: Tenancy) => readonly JobDeclaration[];
}

/** Opens everything that is kept; `stack` closes it again, in the opposite order. */
export async function openRecords(
  deps: RecordsDeps,
  stack: AsyncDisposableStack,
  onLines: (lines: readonly Line[]) => void,
): Promise<Records> {
  const { config, clock, logger, metrics } = deps;
  const database = stack.use(await openDatabase({ ...config, logger }));
  const { db } = database;
  const steps = await migrate(db);
  if (steps.length > 0) logger.info({ steps }, 'database migrations applied');

  const snapshot = snapshotFile(join(config.dataDir, 'lines.json'));
  const directory = stack.use(await StoredLineDirectory.open({ db, snapshot, clock, logger, onLines }));
  const liveEvents = new LiveEvents(logger);
  const tenancy = createTenancy(db, [...allProcessors(), liveEvents.processor]);
  await openJobs({ ...deps, database, jobs: deps.jobs(tenancy) }, stack);
  const ingest = (records: Parameters<typeof ingestRecords>[1]): Promise<void> =>
    ingestRecords(tenancy, records);
  const journals = stack.use(
    await Journals.open({ dataDir: config.dataDir, ingest, clock, logger, metrics }),
  );
  return { database, tenancy, liveEvents, directory, journals };
}
