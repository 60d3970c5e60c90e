import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { BookingId, CallId, CustomerId, ServiceId } from '../../tenancy/references/ids.ts';
import type { BookingResourceId } from '../../catalog/services/booking-resource-table.ts';

export type BookingStatus = 'booked' | 'completed' | 'cancelled' | 'no_show';

/** A service for a customer, which keeps a resource busy. Two cannot overlap. */
export interface BookingTable {
  tenantId: TenantId;
  id: BookingId;
  /** Counts the changes; the ETag is made of it. */
  version: Generated<number>;
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

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    booking: BookingTable;
  }
}
