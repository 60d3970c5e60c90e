import { sql } from 'kysely';
import { containingWords, matching } from '../../../platform/data/matching.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Product } from './product.ts';
import { productTable } from './product-table.ts';

/* The catalogue for callers and orders, without archived products. */

/** Products on sale, ordered by name; with `query`, those with all of its words in name or description. */
export function listProductsOnSale(
  tx: Tx,
  { query }: { readonly query?: string | undefined } = {},
): Promise<readonly Product[]> {
  return offered(tx)
    .where(matching('product', { active: true }))
    .where(containingWords(['product.name', 'product.description'], query))
    .orderBy('name')
    .orderBy('id')
    .execute();
}

/**
 * The products that these texts name by id, slug or name, case-insensitively. Inactive ones are included, so that the
 * error for them can be more precise.
 */
export async function findNamedProducts(tx: Tx, names: readonly string[]): Promise<readonly Product[]> {
  const keys = names.map((name) => name.trim().toLowerCase());
  if (keys.length === 0) return [];
  const listed = sql.join(keys);
  return offered(tx)
    .where(sql<boolean>`(id in (${listed}) or slug in (${listed}) or lower(name) in (${listed}))`)
    .orderBy('name')
    .orderBy('id')
    .execute();
}

function offered(tx: Tx) {
  return tx
    .selectFrom('product')
    .select(productTable.columns)
    .where(matching('product', { tenantId: tx.tenantId, archivedAt: null }));
}
