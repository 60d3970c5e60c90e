import { z } from 'zod';
import { listProductsOnSale } from '../../business/catalog/products/products.ts';
import { defineTool } from './define-tool.ts';
import { spokenPrice } from './spoken.ts';

/** Keeps the prompt short; a caller cannot choose from more anyway. */
const MAX_PRODUCTS = 20;

export const listProductsTool = defineTool({
  name: 'list_products',
  description:
    'What the business sells now, with prices. Use it before you name a product or a price. Name at most three to the caller and ask which way they lean.',
  effect: 'read',
  schema: z.object({
    query: z.string().max(80).optional().describe('Words the product must match; leave out for everything.'),
  }),
  async run({ query }, context) {
    const products = await listProductsOnSale(context.tx, { query });
    return {
      result: {
        products: products.slice(0, MAX_PRODUCTS).map((product) => ({
          product: product.slug,
          name: product.name,
          description: product.description,
          price: spokenPrice(product.priceMinor, product.currency, context),
        })),
        ...(products.length > MAX_PRODUCTS ? { more: products.length - MAX_PRODUCTS } : {}),
      },
    };
  },
});
