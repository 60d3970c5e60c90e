import type { TenantId } from '../../../platform/data/ids.ts';
import type { ResourceId, ServiceId } from '../../tenancy/ids/ids.ts';

/** A resource that performs a service. A service without any is performed by every resource. */
export interface ServiceResourceTable {
  tenantId: TenantId;
  serviceId: ServiceId;
  resourceId: ResourceId;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    serviceResource: ServiceResourceTable;
  }
}
