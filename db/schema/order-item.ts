import type { OrderId, ProductId, TenantId } from '../../src/platform/ids.ts';

export interface OrderItemTable {
  tenantId: TenantId;
  orderId: OrderId;
  position: number;
  productId: ProductId;
  name: string;
  quantity: number;
  unitPriceMinor: number;
}
