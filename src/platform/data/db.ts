import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Tables } from './tables.ts';
import { lockFolder } from '../process/folder-lock.ts';
import { PglitePool } from './pglite/pool.ts';

/** The database or a transaction in it. */
export type Db = Kysely<Tables>;

/**
 * An open database, embedded or server. Values are as `pg` returns them: int8 and numeric (also `count(*)` and `sum`)
 * are strings, because neither fits a JavaScript number; cast to `integer` or parse where a number is needed.
 */
export interface OpenDatabase extends AsyncDisposable {
  readonly db: Db;
  readonly kind: 'embedded' | 'postgres';
  /** For what Kysely does not cover (LISTEN, BullMQ); the embedded database emulates `pg.Pool`. */
  readonly pool: Pool;
}

export interface DatabaseOptions {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly logger: Pick<Logger, 'error'>;
}

// How long a query may wait for a connection. A query on the outer `db` inside a transaction can wait for its own
// transaction indefinitely; this limit turns it into an error with the reason.
const waitLimitMs = 10_000;

/** The server named by `databaseUrl`, or the embedded database in `dataDir`; `:memory:` keeps it in memory. */
export async function openDatabase(options: DatabaseOptions): Promise<OpenDatabase> {
  if (options.databaseUrl !== undefined) return openServer(options.databaseUrl, options.logger);
  if (options.dataDir === ':memory:') return openEmbedded(await PglitePool.open({ waitLimitMs }));
  await mkdir(options.dataDir, { recursive: true });
  const lock = await lockFolder(join(options.dataDir, 'database.lock'), 'The embedded database');
  try {
    const pool = await PglitePool.open({ folder: join(options.dataDir, 'database'), waitLimitMs });
    return openEmbedded(pool, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** Wraps an embedded pool that is open already; `afterClose` runs when its files are closed. */
export function openEmbedded(embedded: PglitePool, afterClose?: () => Promise<void>): OpenDatabase {
  const pool = embedded as unknown as Pool;
  return {
    db: kysely(pool),
    pool,
    kind: 'embedded',
    async [Symbol.asyncDispose]() {
      await embedded.end();
      await afterClose?.();
    },
  };
}

function openServer(databaseUrl: string, logger: Pick<Logger, 'error'>): OpenDatabase {
  const pool = new Pool({
    connectionString: databaseUrl,
    application_name: 'parley',
    max: 10,
    connectionTimeoutMillis: waitLimitMs,
    // Longer than any statement of the server; one that exceeds it is stuck and blocks a connection.
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 60_000,
  });
  surviveBrokenConnections(pool, (error) => logger.error({ err: error }, 'database connection lost'));
  return {
    db: kysely(pool),
    pool,
    kind: 'postgres',
    [Symbol.asyncDispose]: () => pool.end(),
  };
}

/** A broken connection emits an error event, idle or in use; without a listener for each the process would crash. */
export function surviveBrokenConnections(pool: Pool, onIdleBroken: (error: Error) => void): void {
  pool.on('error', onIdleBroken);
  // The user of the connection gets the error from its failing query.
  pool.on('connect', (client) => client.on('error', () => undefined));
}

function kysely(pool: Pool): Db {
  return new Kysely<Tables>({
    dialect: new PostgresDialect({ pool }),
    // Only column names are converted; keys inside jsonb values stay as they were written.
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}
