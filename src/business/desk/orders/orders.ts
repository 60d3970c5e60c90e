/** Orders of customers from the catalogue. */
export type { NewOrder, Order } from './order.ts';
export { orderEndpoints } from './order-endpoints.ts';
export { orderEvents } from './order-events.ts';
export { sumOrders } from './order-figures.ts';
export { orderHistoryProcessor } from './order-history.ts';
export { orderHolding } from './order-holding.ts';
export { findOrder, getOrder, listOrders } from './order-queries.ts';
export { cancelOrder, changeOrder, createOrder } from './order-service.ts';
