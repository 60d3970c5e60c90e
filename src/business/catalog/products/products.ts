/** The door of products: what is sold. Orders and the agent's tools come in here. */
export { productEndpoints } from './product-endpoints.ts';
export { productEvents } from './product-events.ts';
