import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { ProductId } from '../../tenancy/references/ids.ts';

export interface ProductTable {
  tenantId: TenantId;
  id: ProductId;
  /** Counts the changes; the ETag is made of it. */
  version: Generated<number>;
  slug: string;
  name: string;
  description: Generated<string>;
  priceMinor: number;
  currency: string;
  available: Generated<boolean>;
  /** Put away: never available again until it is brought back. */
  archivedAt: Date | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    product: ProductTable;
  }
}
