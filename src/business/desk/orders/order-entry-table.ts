import type { TenantId } from '../../../platform/data/ids.ts';
import type { OrderId } from '../../tenancy/ids/ids.ts';
import type { OrderEntryKind, OrderStatus } from './order.ts';

/**
 * One step of an order, appended once.
 * @projection the events of the order
 */
export interface OrderEntryTable {
  tenantId: TenantId;
  orderId: OrderId;
  sequence: number;
  kind: OrderEntryKind;
  /** Id of who did it; `agent` on the line. */
  author: string;
  fromStatus: OrderStatus | null;
  toStatus: OrderStatus | null;
  note: string | null;
  /** Of the event it was made from; a string, as every bigint. */
  eventPosition: string;
  at: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    orderEntry: OrderEntryTable;
  }
}
