import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { ProductId } from '../../tenancy/ids/ids.ts';

/** A product that can be ordered. */
export interface ProductTable {
  tenantId: TenantId;
  id: ProductId;
  version: Generated<number>;
  slug: string;
  name: string;
  description: Generated<string>;
  priceMinor: number;
  currency: string;
  /** On sale now. */
  active: Generated<boolean>;
  /** Set when an ordered product is no longer sold. */
  archivedAt: Date | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    product: ProductTable;
  }
}

export const productTable = tenantTable('product', {
  what: 'product',
  columns: [
    'id',
    'version',
    'slug',
    'name',
    'description',
    'priceMinor',
    'currency',
    'active',
    'archivedAt',
    'createdAt',
    'updatedAt',
  ],
});
