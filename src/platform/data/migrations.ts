import { readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { Db } from './db.ts';

const folder = new URL('../../../db/migrations/', import.meta.url);

/**
 * Brings the schema up to date and returns the names of the steps taken. Processes that start together are safe:
 * Kysely takes an advisory lock, and whoever comes second finds nothing left to do. All steps are one transaction.
 */
export function migrate(db: Db): Promise<readonly string[]> {
  return db.connection().execute(async (connection) => {
    // Waiting for another process's migration may take longer than any query of ours should.
    await sql`set statement_timeout = 0`.execute(connection);
    try {
      const migrator = new Migrator({ db: connection, provider: { getMigrations: readMigrations } });
      const { error, results = [] } = await migrator.migrateToLatest();
      if (error !== undefined) throw migrationError(error, results);
      return results.map((result) => result.migrationName);
    } finally {
      await sql`reset statement_timeout`.execute(connection);
    }
  });
}

async function readMigrations(): Promise<Record<string, Migration>> {
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
