/** Products, for orders and the agent's tools. */
export type { NewProduct } from './product.ts';
export { productEndpoints } from './product-endpoints.ts';
export { productEvents } from './product-events.ts';
export { changeProduct, createProduct, listProducts } from './product-service.ts';
export { findNamedProducts, listProductsOnSale } from './products-on-sale.ts';
