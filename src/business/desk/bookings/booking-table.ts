import type { Generated, Selectable } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { BookingId, CallId, CustomerId, ServiceId, ResourceId } from '../../tenancy/ids/ids.ts';

/** A service for a customer, which reserves a resource. Bookings of a resource cannot overlap. */
export interface BookingTable {
  tenantId: TenantId;
  id: BookingId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  reference: string;
  serviceId: ServiceId;
  resourceId: ResourceId;
  customerId: CustomerId;
  callId: CallId | null;
  status: BookingStatus;
  startsAt: Date;
  endsAt: Date;
  /** The end with the buffer of the service. */
  blockedUntil: Date;
  note: string | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

export const bookingStatuses = ['booked', 'completed', 'cancelled', 'no_show'] as const;
export type BookingStatus = (typeof bookingStatuses)[number];

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    booking: BookingTable;
  }
}

export const bookingTable = tenantTable('booking', {
  what: 'booking',
  columns: [
    'id',
    'version',
    'reference',
    'serviceId',
    'resourceId',
    'customerId',
    'callId',
    'status',
    'startsAt',
    'endsAt',
    'blockedUntil',
    'note',
    'createdAt',
    'updatedAt',
  ],
});

export type BookingRow = Pick<Selectable<BookingTable>, (typeof bookingTable.columns)[number]>;
