import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import { tenantTable } from '../../../platform/data/tenant-table.ts';
import type { CallId, CustomerId, OrderId } from '../../tenancy/ids/ids.ts';
import type { OrderStatus } from './order.ts';

/** An order, with its total at the time of the order. */
export interface CustomerOrderTable {
  tenantId: TenantId;
  id: OrderId;
  /** Incremented by each change; the source of the ETag. */
  version: Generated<number>;
  reference: string;
  customerId: CustomerId;
  callId: CallId | null;
  status: OrderStatus;
  totalMinor: number;
  currency: string;
  note: string | null;
  /** JSON of an address, encrypted as one. */
  addressEncrypted: string | null;
  createdAt: Generated<Date>;
  updatedAt: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    customerOrder: CustomerOrderTable;
  }
}

export const customerOrderTable = tenantTable('customerOrder', {
  what: 'order',
  columns: [
    'id',
    'version',
    'reference',
    'customerId',
    'callId',
    'status',
    'totalMinor',
    'currency',
    'note',
    'addressEncrypted',
    'createdAt',
    'updatedAt',
  ],
});
