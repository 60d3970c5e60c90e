import type { Generated } from 'kysely';
import type { Id, TenantId } from '../../src/platform/ids.ts';

export type BookingResourceId = Id<'rsc'>;

export interface BookingResourceTable {
  tenantId: TenantId;
  id: BookingResourceId;
  slug: string;
  name: string;
  active: Generated<boolean>;
  createdAt: Generated<Date>;
}
