import { z } from 'zod';
import { pathId, restResource } from '../../tenancy/access/access.ts';
import {
  newProductSchema,
  productChangesSchema,
  productPageSchema,
  productQuery,
  productSchema,
} from './product.ts';
import { changeProduct, createProduct, getProduct, listProducts, removeProduct } from './product-service.ts';

const products = restResource({
  path: '/v1/products',
  id: pathId('prd', 'product'),
  tag: 'Products',
  permission: 'products',
  row: productSchema,
});

export const productEndpoints = [
  products.list('List products by name', {
    query: productQuery,
    page: productPageSchema,
    handle: listProducts,
  }),
  products.create('Add a product', { body: newProductSchema, handle: createProduct }),
  products.read('Read a product', { handle: getProduct }),
  products.change('Change a product', { body: productChangesSchema, handle: changeProduct }),
  products.remove('Remove a product', {
    answers: { 204: z.null().describe('Removed; or archived, where there are orders that name it.') },
    handle: removeProduct,
  }),
];
