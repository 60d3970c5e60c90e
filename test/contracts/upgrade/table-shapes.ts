import type { Pool } from 'pg';

export type Row = Readonly<Record<string, unknown>>;

/** A table as a process knows it that was written for the schema of this moment, without the retired columns. */
export interface TableShape {
  readonly columns: readonly string[];
  /** The columns that are written, not generated. */
  readonly given: readonly string[];
  readonly key: readonly string[];
}

/** Every table there is now; `retired` names columns like `booking.note`. */
export async function readShapes(
  pool: Pool,
  retired: readonly string[],
): Promise<ReadonlyMap<string, TableShape>> {
  const { rows } = await pool.query<TableShape & { readonly table: string }>(
    `
    select relname::text as table,
           array_agg(attname::text order by attnum) as columns,
           array_agg(attname::text order by attnum)
             filter (where attidentity = '' and attgenerated = '') as given,
           coalesce(
             array_agg(attname::text order by attnum) filter (where attnum = any (indkey)),
             array_agg(attname::text order by attnum) filter (where attnotnull)
           ) as key
    from pg_class
    join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
      and not relname || '.' || attname = any ($1::text[])
    left join pg_index on indrelid = pg_class.oid and indisprimary
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'kysely%'
    group by relname
    order by relname`,
    [retired],
  );
  return new Map(rows.map(({ table, ...shape }) => [table, shape]));
}
