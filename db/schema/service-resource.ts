import type { ServiceId, TenantId } from '../../src/platform/ids.ts';
import type { BookingResourceId } from './booking-resource.ts';

export interface ServiceResourceTable {
  tenantId: TenantId;
  serviceId: ServiceId;
  resourceId: BookingResourceId;
}
