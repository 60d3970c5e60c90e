import type { OrderStatus } from './order.ts';

/** Allowed transitions of the status. Orders for collection are never shipped. */
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
