import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { type OpenDatabase, openDatabase, openEmbedded } from '../../src/platform/data/db.ts';
import { migrate } from '../../src/platform/data/migrations.ts';
import { PglitePool } from '../../src/platform/data/pglite/pool.ts';
import { requireService } from './services.ts';

const silent = { error: (): void => undefined };
const root = new URL('../../', import.meta.url);
const cache = new URL('node_modules/.cache/parley/', root);

/** A migrated database of one's own: on the server in DATABASE_URL when there is one, else embedded, in memory. */
export function openTestDatabase(
  kind: OpenDatabase['kind'] = process.env['DATABASE_URL'] === undefined ? 'embedded' : 'postgres',
): Promise<OpenDatabase> {
  return kind === 'embedded' ? openMigratedEmbedded() : openMigratedServer();
}

/** A database of one's own in which no step has been taken yet. */
export async function openEmptyDatabase(kind: OpenDatabase['kind']): Promise<OpenDatabase> {
  return kind === 'embedded'
    ? openDatabase({ databaseUrl: undefined, dataDir: ':memory:', logger: silent })
    : openEmptyServer();
}

/** A database of one's own on the server in DATABASE_URL, empty; dropped when it is disposed of. */
export async function createServerDatabase(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = requireService('DATABASE_URL');
  const name = `parley_test_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => administer(server, `drop database ${name} with (force)`),
  };
}

async function openMigratedServer(): Promise<OpenDatabase> {
  const database = await openEmptyServer();
  await migrate(database.db);
  return database;
}

async function openEmptyServer(): Promise<OpenDatabase> {
  const server = await createServerDatabase();
  const database = await openDatabase({ databaseUrl: server.url, dataDir: '', logger: silent });
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Starts from a saved data directory, made anew whenever a migration changes: half a second instead of four. */
async function openMigratedEmbedded(): Promise<OpenDatabase> {
  const snapshot = new URL(`migrated-${await fingerprint()}.tar`, cache);
  if (!existsSync(snapshot)) await saveSnapshot(snapshot);
  const pool = await PglitePool.open({ snapshotFile: fileURLToPath(snapshot), waitLimitMs: 5_000 });
  return openEmbedded(pool);
}

async function saveSnapshot(snapshot: URL): Promise<void> {
  const pool = await PglitePool.open();
  await using database = openEmbedded(pool);
  await migrate(database.db);
  await mkdir(cache, { recursive: true });
  // Two test files may get here at once; each writes its own draft, and the first one's stays: another may be
  // reading it already, and a file that is replaced while it is read is an error.
  const draft = new URL(`${snapshot.href}.${process.pid}`);
  await writeFile(draft, await pool.snapshot());
  try {
    await link(draft, snapshot);
  } catch (error) {
    if (!existsSync(snapshot)) throw error;
  } finally {
    await unlink(draft);
  }
}

async function fingerprint(): Promise<string> {
  const migrations = new URL('db/migrations/', root);
  const files = [
    ...(await readdir(migrations)).toSorted().map((name) => new URL(name, migrations)),
    new URL('db/row-level-security.ts', root),
    new URL('src/platform/data/pglite/worker.ts', root),
    new URL('node_modules/@electric-sql/pglite/package.json', root),
  ];
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.pathname.split('/').at(-1) ?? '').update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
