import type { Generated } from 'kysely';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { OrderId } from '../../tenancy/references/ids.ts';
import type { OrderStatus } from './customer-order-table.ts';

export type OrderEntryKind = 'placed' | 'status-changed' | 'details-changed';

/** One step of an order, appended once. */
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
  at: Generated<Date>;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    orderEntry: OrderEntryTable;
  }
}
