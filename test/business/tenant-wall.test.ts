import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { runInTenant } from '../../src/platform/data/tx.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { seedDemo } from '../../db/seed.ts';
import { testTenancy } from '../support/test-tenancy.ts';

let database: OpenDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
  await seedDemo({ db: database.db, tenancy: testTenancy(database.db) });
});
afterAll(() => database[Symbol.asyncDispose]());

/**
 * What is no tenant's: bookkeeping of the server itself, and people, who may be members of several. Only work across
 * tenants reads it. Everything else has to name its tenant.
 */
const withoutTenant = new Set([
  'attempt_count',
  'google_sign_in',
  'job_schedule',
  'kysely_migration',
  'kysely_migration_lock',
  'line_directory_stamp',
  'one_time_code',
  'password_reset',
  'person',
  'staff',
  'staff_action',
  'staff_session',
]);

async function tablesWithColumn(): Promise<readonly { name: string; tenantColumn: string | null }[]> {
  const { rows } = await sql<{ name: string; tenantColumn: string | null }>`
    select t.table_name as name,
           case when t.table_name = 'tenant' then 'id' else c.column_name end as tenant_column
    from information_schema.tables t
    left join information_schema.columns c
      on c.table_schema = t.table_schema and c.table_name = t.table_name and c.column_name = 'tenant_id'
    where t.table_schema = 'public' and t.table_type = 'BASE TABLE'
    order by 1`.execute(database.db);
  return rows;
}

function countAs(role: string, tenantId: string | undefined, table: string): Promise<number> {
  return database.db.transaction().execute(async (transaction) => {
    await sql`select set_config('role', ${role}, true)`.execute(transaction);
    if (tenantId !== undefined) {
      await sql`select set_config('app.tenant_id', ${tenantId}, true)`.execute(transaction);
    }
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from ${sql.table(table)}`.execute(transaction);
    return rows[0]!.count;
  });
}

describe('the tenant wall', () => {
  it('has every table behind it that is not the server’s own', async () => {
    const open = (await tablesWithColumn()).filter(({ tenantColumn }) => tenantColumn === null);
    expect(open.map(({ name }) => name).filter((name) => !withoutTenant.has(name))).toEqual([]);
  });

  it('shows no row of any table to work without a tenant, or with a foreign one', async () => {
    const tables = (await tablesWithColumn()).filter(({ tenantColumn }) => tenantColumn !== null);
    expect(tables.length).toBeGreaterThan(20);
    const seen: string[] = [];
    for (const { name } of tables) {
      for (const tenantId of [undefined, '', 'tnt_01h2xcejqtf2nbrexx3vqjhp41']) {
        // Some tables are not even readable to a tenant's work, which is as good.
        const count = await countAs('parley_app', tenantId, name).catch((error: Error) =>
          /permission denied/.test(error.message) ? 0 : Promise.reject(error),
        );
        if (count > 0) seen.push(`${name} as ${String(tenantId)}`);
      }
    }
    expect(seen).toEqual([]);
  });

  it('is enabled and forced on every table that names a tenant', async () => {
    const { rows } = await sql<{ name: string }>`
      select relname as name from pg_class
      where relnamespace = 'public'::regnamespace and relkind = 'r'
        and not (relrowsecurity and relforcerowsecurity)
      order by 1`.execute(database.db);
    expect(rows.map(({ name }) => name).filter((name) => !withoutTenant.has(name))).toEqual([]);
  });

  it('keeps what is no tenant’s from the work of tenants altogether', async () => {
    for (const table of withoutTenant) {
      await expect(countAs('parley_app', undefined, table)).rejects.toThrow(/permission denied/);
    }
  });

  it('refuses a row that is written in another tenant’s name', async () => {
    const { tenantId } = await seedDemo({ db: database.db, tenancy: testTenancy(database.db) });
    const foreign = 'tnt_01h2xcejqtf2nbrexx3vqjhp41' as typeof tenantId;
    const writing = runInTenant(database.db, foreign, (transaction) =>
      transaction
        .insertInto('customer')
        .values({ tenantId, id: 'cus_x' as never, name: null })
        .execute(),
    );
    await expect(writing).rejects.toMatchObject({ code: '42501' });
  });
});
