import type { OrderStatus } from './order.ts';

/** Where the business may take an order from where it is. What is collected at the counter is never shipped. */
const next: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  placed: ['preparing', 'shipped', 'delivered', 'cancelled'],
  preparing: ['shipped', 'delivered', 'cancelled'],
  shipped: ['delivered'],
  delivered: [],
  cancelled: [],
};

export function nextStatuses(from: OrderStatus): readonly OrderStatus[] {
  return next[from];
}
