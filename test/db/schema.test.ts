import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { retiredColumns } from '../../db/retired.ts';
import { useDatabase } from '../business/a-business.ts';

const at = useDatabase();
const root = new URL('../../src/', import.meta.url);
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Table and column names as the `…-table.ts` files of the domains tell them. */
function declaredTables(): Record<string, string[]> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('-table.ts'),
  );
  return Object.fromEntries(files.flatMap((name) => tablesIn(readFileSync(new URL(name, root), 'utf8'))));
}

function tablesIn(text: string): [string, string[]][] {
  const merged = /interface Tables \{([\s\S]*?)^ {2}\}/m.exec(text)?.[1] ?? '';
  return [...merged.matchAll(/(\w+): (\w+);/g)].map(([, table, type]) => {
    const body = new RegExp(`interface ${type!} \\{([\\s\\S]*?)^\\}`, 'm').exec(text)![1]!;
    const columns = [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map((match) => snakeCase(match[1]!));
    return [snakeCase(table!), columns.toSorted()];
  });
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
