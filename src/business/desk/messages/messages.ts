/** Messages that callers leave for the business. */
export type { TakenMessage } from './message.ts';
export { messageEndpoints } from './message-endpoints.ts';
export { messageEvents } from './message-events.ts';
export { messageHolding } from './message-holding.ts';
export { listMessages, takeMessage } from './message-service.ts';
