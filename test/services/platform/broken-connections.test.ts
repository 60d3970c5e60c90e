import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/platform/data/db.ts';
import { runAcrossTenants } from '../../../src/platform/data/tx.ts';
import { migrate } from '../../../src/platform/data/migrations.ts';
import { DatabaseProxy } from '../../support/database-proxy.ts';
import { createServerDatabase } from '../../support/test-database.ts';

describe('[F14] connections to the database that break', () => {
  it('fail the work that was going on, and nothing else', async () => {
    await using server = await createServerDatabase();
    await using proxy = await DatabaseProxy.start(server.url);
    const errors: unknown[] = [];
    await using database = await openDatabase({
      databaseUrl: proxy.url,
      dataDir: '',
      logger: { error: (cause: unknown) => void errors.push(cause) },
    });
    await migrate(database.db);
    const busy = [
      // Between two statements, in the middle of one, and idle in the pool.
      runAcrossTenants(database.db, async (transaction) => {
        await new Promise((resolve) => setTimeout(resolve, 300));
        await sql`select 1`.execute(transaction);
      }),
      runAcrossTenants(database.db, (transaction) => sql`select pg_sleep(5)`.execute(transaction)),
    ];
    await sql`select 1`.execute(database.db);
    await new Promise((resolve) => setTimeout(resolve, 100));
    proxy.cut();
    const outcomes = await Promise.allSettled(busy);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(sql`select 1`.execute(database.db)).rejects.toBeInstanceOf(Error);
    proxy.mend();
    expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
    expect(errors.length).toBeGreaterThan(0);
  });
});
