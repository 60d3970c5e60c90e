import { z } from 'zod';
import { endpoint, pathId } from '../../tenancy/access/access.ts';
import {
  newProductSchema,
  productChangesSchema,
  productPageSchema,
  productQuery,
  productSchema,
} from './product.ts';
import { changeProduct, createProduct, getProduct, listProducts, removeProduct } from './product-service.ts';

const tag = 'Products';
const id = pathId('prd', 'product');

export const productEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/products',
    needs: 'products:read',
    tag,
    summary: 'List products by name',
    query: productQuery,
    answers: { 200: productPageSchema },
    handle: ({ tx, query }) => listProducts(tx, query),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/products',
    needs: 'products:write',
    idempotent: true,
    tag,
    summary: 'Add a product',
    body: newProductSchema,
    answers: { 201: productSchema },
    handle: ({ tx, actor, body }) => createProduct(tx, actor, body),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/products/:id',
    needs: 'products:read',
    tag,
    summary: 'Read a product',
    params: { id },
    answers: { 200: productSchema },
    handle: ({ tx, params }) => getProduct(tx, params.id),
  }),
  endpoint({
    method: 'PATCH',
    path: '/v1/products/:id',
    needs: 'products:write',
    tag,
    summary: 'Change a product',
    params: { id },
    body: productChangesSchema,
    answers: { 200: productSchema },
    handle: ({ tx, actor, params, body, ifMatch }) =>
      changeProduct(tx, actor, params.id, { changes: body, ifMatch }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/v1/products/:id',
    needs: 'products:write',
    tag,
    summary: 'Remove a product',
    params: { id },
    answers: { 204: z.null().describe('Removed; or archived, where there are orders that name it.') },
    async handle({ tx, actor, params }) {
      await removeProduct(tx, actor, params.id);
      return null;
    },
  }),
];
