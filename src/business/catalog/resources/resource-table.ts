import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { ResourceId } from '../../tenancy/ids/ids.ts';

/** Staff, a chair or room, a machine. */
export const resourceKinds = ['person', 'place', 'equipment'] as const;
export type ResourceKind = (typeof resourceKinds)[number];

/** What a booking reserves: a person, a place, a piece of equipment. */
export interface BookingResourceTable {
  tenantId: TenantId;
  id: ResourceId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  slug: string;
  name: string;
  kind: Generated<ResourceKind>;
  active: Generated<boolean>;
  /** Set when archived; it cannot be active then. */
  archivedAt: Date | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    bookingResource: BookingResourceTable;
  }
}

export const resourceTable = tenantTable('bookingResource', {
  what: 'resource',
  columns: ['id', 'version', 'slug', 'name', 'kind', 'active', 'archivedAt', 'createdAt', 'updatedAt'],
});
