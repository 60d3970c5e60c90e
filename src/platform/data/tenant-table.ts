import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { NotFound } from '../process/errors.ts';
import type { TenantId } from './ids.ts';
import type { Tables } from './tables.ts';
import type { TenantTransaction } from './tx.ts';
import { checkVersion, type ExpectedVersions } from './version.ts';

/** Tables with `tenant_id` and `id`. */
type ThingTable = {
  [Name in keyof Tables]: Tables[Name] extends { tenantId: unknown; id: unknown } ? Name : never;
}[keyof Tables];

type IdOf<Name extends ThingTable> = Selectable<Tables[Name]> extends { readonly id: infer Id } ? Id : never;
type ColumnOf<Name extends ThingTable> = keyof Selectable<Tables[Name]> & string;

/** The type of any of these tables for the queries below; the exported functions have the types of the real one. */
interface AnyRow {
  tenantId: TenantId;
  id: string;
  version: number;
  updatedAt: Date;
}
type AnyDatabase = Kysely<{ row: AnyRow }>;

export interface TenantTable<Name extends ThingTable, Row> {
  readonly columns: readonly (keyof Row & string)[];
  find(tx: TenantTransaction, id: IdOf<Name>): Promise<Row | undefined>;
  /** Throws `NotFound` if this tenant has no such row. */
  get(tx: TenantTransaction, id: IdOf<Name>): Promise<Row>;
  /**
   * Reads the row and locks it until the transaction ends. Throws `NotFound`, or `StaleVersion` if the client has read
   * another version (tables with a `version` column only).
   */
  lock(tx: TenantTransaction, id: IdOf<Name>, expected?: ExpectedVersions): Promise<Row>;
  /** Undefined if a row with the same unique columns exists. */
  insert(tx: TenantTransaction, values: Omit<Insertable<Tables[Name]>, 'tenantId'>): Promise<Row | undefined>;
  /** Increments `version` and sets `updatedAt`, if the table has them. Throws `NotFound` if there is no such row. */
  update(tx: TenantTransaction, id: IdOf<Name>, values: Updateable<Tables[Name]>): Promise<Row>;
  remove(tx: TenantTransaction, id: IdOf<Name>): Promise<void>;
}

/**
 * The queries that every resource needs. `columns` are the columns that its rows are read with. Other queries of a
 * domain are written beside this.
 */
export function tenantTable<Name extends ThingTable, const Column extends ColumnOf<Name>>(
  name: Name,
  { columns, what }: { readonly columns: readonly Column[]; readonly what: string },
): TenantTable<Name, Pick<Selectable<Tables[Name]>, Column>> {
  type Row = Pick<Selectable<Tables[Name]>, Column>;
  const table = name as unknown as 'row';
  const returned = columns as unknown as (keyof AnyRow)[];
  const has = (column: string): boolean => (columns as readonly string[]).includes(column);
  const touched = {
    ...(has('version') ? { version: sql<number>`version + 1` } : {}),
    ...(has('updatedAt') ? { updatedAt: sql<Date>`now()` } : {}),
  };
  const any = (tx: TenantTransaction): AnyDatabase => tx as unknown as AnyDatabase;
  const select = (tx: TenantTransaction, id: IdOf<Name>) =>
    any(tx)
      .selectFrom(table)
      .select(returned)
      .where('tenantId', '=', tx.tenantId)
      .where('id', '=', id as string);
  const orNotFound = (row: unknown): Row => {
    if (row === undefined) throw new NotFound(`There is no such ${what}.`);
    return row as Row;
  };
  return {
    columns,
    find: async (tx, id) => (await select(tx, id).executeTakeFirst()) as Row | undefined,
    get: async (tx, id) => orNotFound(await select(tx, id).executeTakeFirst()),
    async lock(tx, id, expected) {
      const row = orNotFound(await select(tx, id).forUpdate().executeTakeFirst());
      if (expected !== undefined) checkVersion(expected, (row as unknown as AnyRow).version);
      return row;
    },
    insert: async (tx, values) =>
      (await any(tx)
        .insertInto(table)
        .values({ ...(values as unknown as AnyRow), tenantId: tx.tenantId })
        .onConflict((conflict) => conflict.doNothing())
        .returning(returned)
        .executeTakeFirst()) as Row | undefined,
    update: async (tx, id, values) =>
      orNotFound(
        await any(tx)
          .updateTable(table)
          .set({ ...(values as unknown as AnyRow), ...touched })
          .where('tenantId', '=', tx.tenantId)
          .where('id', '=', id as string)
          .returning(returned)
          .executeTakeFirst(),
      ),
    async remove(tx, id) {
      await any(tx)
        .deleteFrom(table)
        .where('tenantId', '=', tx.tenantId)
        .where('id', '=', id as string)
        .execute();
    },
  };
}
