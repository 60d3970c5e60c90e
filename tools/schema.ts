import { sql } from 'kysely';
import type { Db } from '../src/platform/data/db.ts';

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
  readonly default: string | null;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly string[];
  readonly references: readonly { readonly table: string; readonly columns: readonly string[] }[];
  /** Check constraints as PostgreSQL words them. */
  readonly checks: readonly string[];
  /** The rights of a tenant's transaction, and of one across tenants. */
  readonly tenantRights: readonly string[];
  readonly systemRights: readonly string[];
}

/** The tables of a migrated database, in the order they were created. */
export async function readSchema(db: Db): Promise<readonly Table[]> {
  const { rows } = await sql<Table>`
    select relname as name,
      (select json_agg(json_build_object(
                'name', attname,
                'type', format_type(atttypid, atttypmod),
                'isNullable', not attnotnull,
                'default', case when attidentity <> '' then 'identity' else pg_get_expr(adbin, adrelid) end)
              order by attnum)
       from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
       where attrelid = pg_class.oid and attnum > 0 and not attisdropped) as columns,
      coalesce(${constraints('p', namesOf('conkey', 'conrelid'), sql`conname`)} -> 0, '[]') as key,
      ${constraints(
        'f',
        sql`json_build_object('table', confrelid::regclass::text, 'columns', ${namesOf('conkey', 'conrelid')})`,
        sql`conname`,
      )} as references,
      ${constraints('c', sql`pg_get_constraintdef(oid)`, sql`conname`)} as checks,
      ${rightsOf('parley_app')} as tenant_rights,
      ${rightsOf('parley_system')} as system_rights
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not like 'kysely%'
    order by oid`.execute(db);
  return rows;
}

function constraints(type: string, value: ReturnType<typeof sql>, order: ReturnType<typeof sql>) {
  return sql`coalesce((select json_agg(${value} order by ${order}) from pg_constraint
    where conrelid = pg_class.oid and contype = ${sql.lit(type)}), '[]')`;
}

function namesOf(numbers: string, table: string) {
  return sql`(select json_agg(attname order by position)
    from unnest(${sql.ref(numbers)}) with ordinality as part(number, position)
    join pg_attribute on attrelid = ${sql.ref(table)} and attnum = number)`;
}

function rightsOf(role: string) {
  return sql`(select coalesce(json_agg(privilege order by position), '[]')
    from unnest(array['select', 'insert', 'update', 'delete']) with ordinality as every(privilege, position)
    where has_table_privilege(${sql.lit(role)}, pg_class.oid, privilege))`;
}
