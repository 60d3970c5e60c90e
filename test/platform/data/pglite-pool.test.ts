import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openDatabase, type OpenDatabase, openEmbedded } from '../../../src/platform/data/db.ts';
import { PglitePool } from '../../../src/platform/data/pglite/pool.ts';
import { PgliteThread } from '../../../src/platform/data/pglite/thread.ts';
import { Mutex } from '../../../src/platform/data/pglite/mutex.ts';

const logger = { error: (): void => undefined };

describe('the embedded database', () => {
  let pool: PglitePool;
  let database: OpenDatabase;
  beforeAll(async () => {
    pool = await PglitePool.open({ waitLimitMs: 100 });
    database = openEmbedded(pool);
  });
  afterAll(() => database[Symbol.asyncDispose]());

  it('refuses a query on the outer database inside a transaction with the reason, and goes on', async () => {
    const work = database.db.transaction().execute(() => sql`select 1`.execute(database.db));
    await expect(work).rejects.toThrow(/query on the outer `db` was made inside a transaction/);
    await expect(pool.query('select 1 as one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('rolls back the open transaction of a client that is released', async () => {
    await pool.query('create table kept (n int)');
    const client = await pool.connect();
    await client.query('begin');
    await client.query('insert into kept values (1)');
    client.release();
    expect((await pool.query('select * from kept')).rows).toEqual([]);
    await expect(client.query('select 1')).rejects.toThrow('after its release');
  });

  it('rolls back to a savepoint without ending the transaction', async () => {
    await pool.query('create table saved (n int)');
    const client = await pool.connect();
    for (const text of [
      'begin',
      'insert into saved values (1)',
      'savepoint a',
      'insert into saved values (2)',
    ]) {
      await client.query(text);
    }
    await client.query('rollback to savepoint a');
    await client.query('commit');
    client.release();
    expect((await pool.query('select * from saved')).rows).toEqual([{ n: 1 }]);
  });

  it('reports a commit that could only roll back', async () => {
    const work = database.db.transaction().execute(async (trx) => {
      await sql`select 1 / 0`.execute(trx).catch(() => undefined);
    });
    await expect(work).rejects.toThrow(/rolled back/);
    await expect(pool.query('select 1 as one')).resolves.toMatchObject({ rowCount: 1 });
  });

  it('delivers notifications when, and only when, their transaction commits', async () => {
    const heard: unknown[] = [];
    const listener = await pool.connect();
    listener.on('notification', ({ payload }: { payload: string }) => void heard.push(payload));
    await listener.query('listen news');
    const client = await pool.connect();
    await client.query('begin');
    await client.query("select pg_notify('news', 'never')");
    await client.query('rollback');
    await client.query("select pg_notify('news', $1)", ['now']);
    await vi.waitFor(() => expect(heard).toEqual(['now']));
    client.release();
    listener.release();
  });

  it('answers what was asked before it ends, and refuses what is asked later', async () => {
    const ending = await PglitePool.open();
    const asked = ending.query('select 1 as one');
    const ended = ending.end();
    await expect(asked).resolves.toMatchObject({ rows: [{ one: 1 }] });
    await ended;
    await expect(ending.query('select 1')).rejects.toThrow('closed');
  });
});

function start(folder?: string): Promise<PgliteThread> {
  return PgliteThread.start({ folder, snapshotFile: undefined }, () => undefined);
}

describe('the thread of the embedded database', () => {
  it('settles every open query when the thread ends', async () => {
    const thread = await start();
    const asked = Array.from({ length: 5 }, () => thread.query('select count(*) from pg_class', undefined));
    const closed = thread.close();
    const answers = await Promise.allSettled(asked);
    expect(answers).toHaveLength(5);
    await closed;
    await expect(thread.query('select 1', undefined)).rejects.toThrow('The embedded database has ended');
  });

  it('rejects with a reason when it cannot start', async () => {
    await expect(start('/dev/null/nowhere')).rejects.toThrow('The embedded database stopped');
  });
});

describe('the embedded database in a folder', () => {
  it('is readable after a restart, and locked against a second process', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'parley-data-'));
    const options = { databaseUrl: undefined, dataDir, logger };
    {
      await using database = await openDatabase(options);
      await sql`create table kept as select 7 as n`.execute(database.db);
      await expect(openDatabase(options)).rejects.toThrow('The embedded database is in use');
    }
    expect(await readdir(dataDir)).toEqual(['database']);
    {
      await using database = await openDatabase(options);
      expect((await sql`select n from kept`.execute(database.db)).rows).toEqual([{ n: 7 }]);
    }
    await rm(dataDir, { recursive: true });
  }, 60_000);
});

describe('the mutex', () => {
  it('lets one through at a time, in order of arrival', async () => {
    const mutex = new Mutex(1_000);
    const order: string[] = [];
    const visit = (name: string): Promise<void> =>
      mutex.run(async () => {
        order.push(`${name} in`);
        await Promise.resolve();
        order.push(`${name} out`);
      });
    await Promise.all([visit('a'), visit('b'), visit('c')]);
    expect(order).toEqual(['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
  });

  it('skips a waiter that has given up, and lets a turn end only once', async () => {
    const mutex = new Mutex(5);
    const leave = await mutex.enter();
    await expect(mutex.enter()).rejects.toThrow('No turn');
    leave();
    const next = await mutex.enter();
    leave();
    await expect(mutex.enter()).rejects.toThrow('No turn');
    next();
  });
});
