import type { TenantId } from '../../../platform/data/ids.ts';
import type { ServiceId } from '../../tenancy/references/ids.ts';
import type { BookingResourceId } from './booking-resource-table.ts';

/** A resource that performs a service. A service without any is performed by every resource. */
export interface ServiceResourceTable {
  tenantId: TenantId;
  serviceId: ServiceId;
  resourceId: BookingResourceId;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    serviceResource: ServiceResourceTable;
  }
}
