import type { TenantId } from '../../../platform/data/ids.ts';
import type { OrderId, ProductId } from '../../tenancy/ids/ids.ts';

/** A line of an order, with a copy of name and price. */
export interface OrderItemTable {
  tenantId: TenantId;
  orderId: OrderId;
  position: number;
  productId: ProductId;
  name: string;
  quantity: number;
  unitPriceMinor: number;
}

declare module '../../../platform/data/tables.ts' {
  interface Tables {
    orderItem: OrderItemTable;
  }
}
