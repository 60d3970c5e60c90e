import { parseArgs } from 'node:util';
import { loadConfig } from '../src/app/config.ts';
import { openDatabase } from '../src/platform/data/db.ts';
import { createLogger } from '../src/platform/process/logger.ts';
import { migrate } from '../src/platform/data/migrations.ts';
import { freeze, stepsOf } from './releases.ts';

/** Brings the schema up to date; `--freeze 1.2.3` declares the existing steps as those of a release. */
const { values } = parseArgs({ options: { freeze: { type: 'string' } } });
if (values.freeze === undefined) {
  const config = loadConfig(process.env);
  const logger = createLogger(config);
  await using database = await openDatabase({ ...config, logger });
  const steps = await migrate(database.db);
  logger.info({ steps, kind: database.kind }, 'database migrations applied');
} else {
  const release = await freeze(new URL('../', import.meta.url), values.freeze);
  console.log(`Release ${release.version} has ${stepsOf(release).length} steps. Commit db/releases.json.`);
}
