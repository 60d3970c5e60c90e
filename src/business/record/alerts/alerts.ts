/** The door of alerts: notices to the people of the business. */
export { alertEndpoints } from './alert-endpoints.ts';
export { alertProcessor } from './alert-processor.ts';
export { alertHolding } from './alert-holding.ts';
export { raiseAlert } from './alert-service.ts';
