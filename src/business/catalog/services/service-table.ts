import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { ServiceId } from '../../tenancy/ids/ids.ts';

/** What can be booked. */
export interface ServiceTable {
  tenantId: TenantId;
  id: ServiceId;
  /** Counts the changes; the ETag is made of it. */
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
  /** Archived: not active before it is restored. */
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
