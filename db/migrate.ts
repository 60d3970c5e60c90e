import { loadConfig } from '../src/app/config.ts';
import { openDatabase } from '../src/platform/data/db.ts';
import { createLogger } from '../src/platform/process/logger.ts';
import { migrate } from '../src/platform/data/migrations.ts';

const config = loadConfig(process.env);
const logger = createLogger(config);
await using database = await openDatabase({ ...config, logger });
const steps = await migrate(database.db);
logger.info({ steps, kind: database.kind }, 'the database schema is up to date');
