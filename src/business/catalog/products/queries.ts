import { sql, type Updateable } from 'kysely';
import type { ProductTable } from './product-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ProductId } from '../../tenancy/references/ids.ts';

const columns = [
  'id',
  'slug',
  'name',
  'description',
  'priceMinor',
  'currency',
  'available',
  'archivedAt',
  'createdAt',
  'updatedAt',
] as const;

/** Undefined when the slug is taken. */
export function insertProduct(
  db: Db,
  tenantId: TenantId,
  product: {
    readonly id: ProductId;
    readonly slug: string;
    readonly name: string;
    readonly description: string;
    readonly priceMinor: number;
    readonly currency: string;
    readonly available: boolean;
  },
) {
  return db
    .insertInto('product')
    .values({ tenantId, ...product })
    .onConflict((conflict) => conflict.columns(['tenantId', 'slug']).doNothing())
    .returning(columns)
    .executeTakeFirst();
}

export interface ProductFilter {
  readonly words: readonly string[];
  readonly available?: boolean | undefined;
  readonly archived: boolean;
  readonly after?: { readonly name: string; readonly id: ProductId } | undefined;
  readonly limit: number;
}

/** By name. Words are looked for in the names of one catalogue, which a person wrote: no index would be quicker. */
export function listProducts(db: Db, tenantId: TenantId, filter: ProductFilter) {
  const { words, available, archived, after, limit } = filter;
  let query = db
    .selectFrom('product')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('archivedAt', archived ? 'is not' : 'is', null)
    .$if(available !== undefined, (rows) => rows.where('available', '=', available!))
    .$if(after !== undefined, (rows) =>
      rows.where((row) => row(row.refTuple('name', 'id'), '>', row.tuple(after!.name, after!.id))),
    );
  for (const word of words) query = query.where(sql<boolean>`position(lower(${word}) in lower(name)) > 0`);
  return query.orderBy('name').orderBy('id').limit(limit).execute();
}

export function findProduct(db: Db, tenantId: TenantId, id: ProductId) {
  return db
    .selectFrom('product')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Holds it until the transaction ends. */
export function lockProduct(db: Db, tenantId: TenantId, id: ProductId) {
  return db
    .selectFrom('product')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
}

export function updateProduct(db: Db, tenantId: TenantId, id: ProductId, values: Updateable<ProductTable>) {
  return db
    .updateTable('product')
    .set({ ...values, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

export function deleteProduct(db: Db, tenantId: TenantId, id: ProductId) {
  return db.deleteFrom('product').where('tenantId', '=', tenantId).where('id', '=', id).execute();
}
