import type { TenantId } from '../../../platform/data/ids.ts';
import type { OrderId } from '../../tenancy/ids/ids.ts';
import type { OrderEntryKind, OrderStatus } from './order.ts';

/**
 * One step in the history of an order, append-only.
 * @projection the events of the order
 */
export interface OrderEntryTable {
  tenantId: TenantId;
  orderId: OrderId;
  sequence: number;
  kind: OrderEntryKind;
  /** Id of a member or key, or `agent`. */
  author: string;
  fromStatus: OrderStatus | null;
  toStatus: OrderStatus | null;
  note: string | null;
  /** Position of its event; a string, like every bigint. */
  eventPosition: string;
  at: Date;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    orderEntry: OrderEntryTable;
  }
}
