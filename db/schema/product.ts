import type { Generated } from 'kysely';
import type { ProductId, TenantId } from '../../src/platform/ids.ts';

export interface ProductTable {
  tenantId: TenantId;
  id: ProductId;
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
