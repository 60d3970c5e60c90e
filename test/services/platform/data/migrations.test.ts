import { testTenancy } from '../../../support/test-tenancy.ts';
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { openDatabase, type OpenDatabase } from '../../../../src/platform/data/db.ts';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import { appendEvents } from '../../../../src/business/tenancy/events/event-record.ts';
import { newId } from '../../../../src/platform/data/ids.ts';
import { migrate, readMigrations } from '../../../../src/platform/data/migrations.ts';
import { requireService } from '../../../support/services.ts';
import { createServerDatabase } from '../../../support/test-database.ts';

const open = (databaseUrl: string): Promise<OpenDatabase> =>
  openDatabase({ databaseUrl, dataDir: '', logger: { error: () => undefined } });

async function asAdministrator(statement: string, url = requireService('DATABASE_URL')): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

describe('migrating a server', () => {
  it('[F37] is done once by processes that start together', async () => {
    await using server = await createServerDatabase();
    await using stack = new AsyncDisposableStack();
    const processes = await Promise.all(Array.from({ length: 4 }, () => open(server.url)));
    for (const database of processes) stack.use(database);
    const steps = await Promise.all(processes.map(({ db }) => migrate(db)));
    expect(steps.filter((taken) => taken.length > 0)).toHaveLength(1);
    const rows = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
      processes[0]!.db,
    );
    expect(rows.rows.map(({ name }) => name)).toEqual(steps.flat());
  });

  it('gives way to a transaction that is at work on its tables, and lets everybody else through meanwhile', async () => {
    await using server = await createServerDatabase();
    await using stack = new AsyncDisposableStack();
    const older = stack.use(await open(server.url));
    const newer = stack.use(await open(server.url));
    await migrate(newer.db);
    const transaction = older.db.transaction().execute(async (trx) => {
      await sql`select from ticket`.execute(trx);
      await sql`select pg_sleep(3)`.execute(trx);
    });
    const addColumn: Migration = {
      async up(db) {
        await sql`alter table ticket add column source text`.execute(db);
      },
    };
    const migrating = migrate(newer.db, { ...(await readMigrations()), '9999-source': addColumn });
    const working = { isOver: false };
    void transaction.finally(() => (working.isOver = true));
    const waits: number[] = [];
    while (!working.isOver) {
      const startedAt = performance.now();
      await sql`select from ticket`.execute(older.db);
      waits.push(performance.now() - startedAt);
      await setTimeout(20);
    }
    expect(await migrating).toEqual(['9999-source']);
    // It would be the three seconds of the other transaction.
    expect(Math.max(...waits)).toBeLessThan(1_500);
  });

  it('lets the databases of one server make their roles at the same time', async () => {
    await using stack = new AsyncDisposableStack();
    const databases: OpenDatabase[] = [];
    for (let index = 0; index < 3; index++) {
      const server = stack.use(await createServerDatabase());
      databases.push(stack.use(await open(server.url)));
    }
    const steps = await Promise.all(databases.map(({ db }) => migrate(db)));
    expect(steps.every((taken) => taken.length === steps[0]!.length && taken.length > 0)).toBe(true);
  });

  it('holds a plain owner of the tables behind the wall as well', async () => {
    const owner = `parley_owner_${randomBytes(4).toString('hex')}`;
    await asAdministrator(`create role ${owner} login createrole password 'plain'`);
    {
      await using server = await createServerDatabase();
      const name = new URL(server.url).pathname.slice(1);
      await asAdministrator(
        `alter database ${name} owner to ${owner}; grant parley_app, parley_system to ${owner}`,
      );
      await asAdministrator(`alter schema public owner to ${owner}`, server.url);
      const url = new URL(server.url);
      url.username = owner;
      url.password = 'plain';
      await using database = await open(url.href);
      await migrate(database.db);
      const tenant = newId('tnt');
      const event = { type: 'made', data: {}, at: new Date() };
      await testTenancy(database.db).run({ tenantId: tenant }, (tx) =>
        appendEvents(tx, tenant, 'a', 0, [event]),
      );
      const asTenant = await runInTenant(database.db, tenant, (trx) =>
        trx.selectFrom('eventRecord').select('stream').execute(),
      );
      expect(asTenant).toEqual([{ stream: 'a' }]);
      expect(await database.db.selectFrom('eventRecord').selectAll().execute()).toEqual([]);
    }
    await asAdministrator(`drop role ${owner}`);
  });
});
