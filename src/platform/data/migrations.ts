import { readdir } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Db } from './db.ts';

const folder = new URL('../../../db/migrations/', import.meta.url);

export type MigrationSteps = Readonly<Record<string, Migration>>;

// A step that waits for a lock holds up every later statement on that table, also those of processes that serve
// calls. It gives way after this long: before PostgreSQL looks for deadlocks (1 s) and ends one of the two sides.
const lockWaitMs = 400;
const retryPauseMs = 200;
const giveUpAfterMs = 120_000;

/**
 * Brings the schema up to date and returns the names of the steps taken. Processes that start together are safe:
 * Kysely takes an advisory lock, and whoever comes second finds nothing left to do. All steps are one transaction,
 * which starts anew when it cannot have a lock: older processes may be at work on the same tables.
 */
export function migrate(db: Db, steps?: MigrationSteps): Promise<readonly string[]> {
  return db.connection().execute(async (connection) => {
    // Waiting for another process's migration may take longer than any query of ours should.
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

/** A lock timeout or a deadlock: the same steps may succeed a moment later. */
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
