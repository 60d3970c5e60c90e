import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { retiredColumns } from '../../db/retired.ts';
import { readRowTypes } from '../../tools/row-types.ts';
import { useDatabase } from '../business/a-business.ts';

const at = useDatabase();

/** Table and column names as the `…-table.ts` files of the domains give them. */
function declaredTables(): Record<string, readonly string[]> {
  return Object.fromEntries(
    readRowTypes().map(({ table, columns }) => [table, columns.map(({ name }) => name).toSorted()]),
  );
}

describe('the schema in code', () => {
  it('names exactly the tables and columns of a migrated database that are not retired', async () => {
    const { rows } = await sql<{ table: string; column: string }>`
      select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and table_name not like 'kysely_%'`.execute(at.db);
    const named = rows.filter(({ table, column }) => !retiredColumns.includes(`${table}.${column}`));
    const migrated = Object.fromEntries(
      [...Map.groupBy(named, ({ table }) => table)].map(([table, columns]) => [
        table,
        columns.map(({ column }) => column).toSorted(),
      ]),
    );
    expect(declaredTables()).toEqual(migrated);
  });
});
