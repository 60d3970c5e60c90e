import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Db } from './db.ts';

const folder = new URL('../../../db/migrations/', import.meta.url);

export type MigrationSteps = Readonly<Record<string, Migration>>;

// Lock timeout: a step that waits for a lock blocks every later statement on that table, also those of live calls. It
// is below PostgreSQL's `deadlock_timeout` (1 s), after which one of the two sides would be aborted.
const lockWaitMs = 400;
const retryPauseMs = 200;
const giveUpAfterMs = 120_000;

/**
 * Brings the schema up to date and returns the names of the steps taken. Processes that start together are safe:
 * Kysely takes an advisory lock, and the second one finds nothing left to do. All steps are one transaction, which is
 * retried when it cannot get a lock, because older processes may be using the same tables.
 */
export function migrate(db: Db, steps?: MigrationSteps): Promise<readonly string[]> {
  return db.connection().execute(async (connection) => {
    // Waiting for another process's migration may take longer than the usual statement timeout.
    await sql`set statement_timeout = 0`.execute(connection);
    await sql`set lock_timeout = ${sql.lit(lockWaitMs)}`.execute(connection);
    try {
      return await takeSteps(connection, steps ?? (await readMigrations()));
    } finally {
      await sql`reset statement_timeout`.execute(connection);
      await sql`reset lock_timeout`.execute(connection);
    }
  });
}

async function takeSteps(connection: Db, steps: MigrationSteps): Promise<readonly string[]> {
  const migrator = new Migrator({
    db: connection,
    provider: { getMigrations: () => Promise.resolve(steps) },
  });
  const giveUpAt = Date.now() + giveUpAfterMs;
  for (;;) {
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error === undefined) return results.map((result) => result.migrationName);
    if (!isLockConflict(error) || Date.now() >= giveUpAt) throw migrationError(error, results);
    await setTimeout(retryPauseMs);
  }
}

/** A lock timeout or a deadlock, after which a retry may succeed. */
function isLockConflict(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '55P03' || error.code === '40P01');
}

export async function readMigrations(): Promise<MigrationSteps> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.+\.ts$/.test(name)).toSorted();
  const steps = names.map(async (name) => {
    const step = (await import(new URL(name, folder).href)) as Migration;
    return [name.slice(0, -'.ts'.length), step] as const;
  });
  return Object.fromEntries(await Promise.all(steps));
}

function migrationError(
  cause: unknown,
  results: readonly { migrationName: string; status: string }[],
): Error {
  const failed = results.find((result) => result.status === 'Error')?.migrationName;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    failed === undefined ? `Migrating failed: ${message}` : `Migration ${failed} failed: ${message}`,
    {
      cause,
    },
  );
}
