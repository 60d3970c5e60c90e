import type { Generated } from 'kysely';
import type { BookingId, CallId, CustomerId, ServiceId, TenantId } from '../../src/platform/ids.ts';
import type { BookingResourceId } from './booking-resource.ts';

export type BookingStatus = 'booked' | 'completed' | 'cancelled' | 'no_show';

export interface BookingTable {
  tenantId: TenantId;
  id: BookingId;
  reference: string;
  serviceId: ServiceId;
  resourceId: BookingResourceId;
  customerId: CustomerId;
  callId: CallId | null;
  status: BookingStatus;
  startsAt: Date;
  endsAt: Date;
  blockedUntil: Date;
  note: string | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}
