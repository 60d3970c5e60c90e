import { readFileSync } from 'node:fs';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../business/a-business.ts';

const at = useDatabase();
const folder = new URL('../../db/schema/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const snakeCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Table and column names as the interfaces in db/schema tell them. */
function declaredTables(): Record<string, string[]> {
  const database = read('database.ts');
  const files = new Map(
    [...database.matchAll(/import type \{ (\w+) \} from '\.\/([^']+)'/g)].map((match) => [
      match[1]!,
      match[2]!,
    ]),
  );
  const tables = [...database.matchAll(/^ {2}(?:readonly )?(\w+): (\w+);$/gm)];
  return Object.fromEntries(
    tables.map(([, table, type]) => {
      const body = new RegExp(`interface ${type!} \\{([\\s\\S]*?)^\\}`, 'm').exec(
        read(files.get(type!)!),
      )![1]!;
      const columns = [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map((match) =>
        snakeCase(match[1]!),
      );
      return [snakeCase(table!), columns.toSorted()];
    }),
  );
}

describe('the schema in code', () => {
  it('names exactly the tables and columns of a migrated database', async () => {
    const { rows } = await sql<{ table: string; column: string }>`
      select table_name as table, column_name as column from information_schema.columns
      where table_schema = 'public' and table_name not like 'kysely_%'`.execute(at.db);
    const migrated = Object.fromEntries(
      [...Map.groupBy(rows, ({ table }) => table)].map(([table, columns]) => [
        table,
        columns.map(({ column }) => column).toSorted(),
      ]),
    );
    expect(declaredTables()).toEqual(migrated);
  });
});
