import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely';
import { NotFound } from '../process/errors.ts';
import type { TenantId } from './ids.ts';
import type { Tables } from './tables.ts';
import type { TenantTransaction } from './tx.ts';
import { checkVersion, type ExpectedVersions } from './version.ts';

/** Tables of one tenant's things, each with an id of its own. */
type ThingTable = {
  [Name in keyof Tables]: Tables[Name] extends { tenantId: unknown; id: unknown } ? Name : never;
}[keyof Tables];

type IdOf<Name extends ThingTable> = Selectable<Tables[Name]> extends { readonly id: infer Id } ? Id : never;
type ColumnOf<Name extends ThingTable> = keyof Selectable<Tables[Name]> & string;

/** As the queries below see any of these tables; the types of the real one are put back at the edge. */
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
  /** `NotFound` where there is none of this tenant's. */
  get(tx: TenantTransaction, id: IdOf<Name>): Promise<Row>;
  /**
   * Reads the row and locks it until the transaction ends. `NotFound` where there is none; `StaleVersion` when the
   * client has read another version than the one that is there (tables with a `version` column only).
   */
  lock(tx: TenantTransaction, id: IdOf<Name>, expected?: ExpectedVersions): Promise<Row>;
  /** Undefined when a row with the same unique columns is there already. */
  insert(tx: TenantTransaction, values: Omit<Insertable<Tables[Name]>, 'tenantId'>): Promise<Row | undefined>;
  /** Counts the version up and sets `updatedAt`, where the table has them. `NotFound` where there is no such row. */
  update(tx: TenantTransaction, id: IdOf<Name>, values: Updateable<Tables[Name]>): Promise<Row>;
  remove(tx: TenantTransaction, id: IdOf<Name>): Promise<void>;
}

/**
 * The five things every resource does with its table. `columns` are what its rows are read with; what else a domain
 * asks of its table it asks in queries of its own, beside this.
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
