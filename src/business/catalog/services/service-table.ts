import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { ServiceId } from '../../tenancy/ids/ids.ts';

/** A service that can be booked. */
export interface ServiceTable {
  tenantId: TenantId;
  id: ServiceId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  slug: string;
  name: string;
  description: Generated<string>;
  durationMinutes: number;
  /** Time the resource stays busy after the service. */
  bufferMinutes: Generated<number>;
  priceMinor: number;
  currency: string;
  active: Generated<boolean>;
  /** Set when archived; it cannot be active then. */
  archivedAt: Date | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    service: ServiceTable;
  }
}

export const serviceTable = tenantTable('service', {
  what: 'service',
  columns: [
    'id',
    'version',
    'slug',
    'name',
    'description',
    'durationMinutes',
    'bufferMinutes',
    'priceMinor',
    'currency',
    'active',
    'archivedAt',
    'createdAt',
    'updatedAt',
  ],
});
