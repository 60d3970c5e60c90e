import type { Generated } from 'kysely';
import type { CustomerId, TenantId } from '../../src/platform/ids.ts';

export interface CustomerTable {
  tenantId: TenantId;
  id: CustomerId;
  /** E.164. */
  phone: string;
  name: string | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}
