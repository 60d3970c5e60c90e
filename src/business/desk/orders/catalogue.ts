import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import type { ProductId } from '../../tenancy/references/ids.ts';

export interface Product {
  readonly id: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly active: boolean;
}

/** What the caller asked for: a product by its id, slug or name, in any case. */
export interface RequestedItem {
  readonly product: string;
  readonly quantity: number;
}

export interface PricedItem {
  readonly product: Product;
  readonly quantity: number;
}

const maxQuantity = 100;

/** The lines of an order at today's prices, the same product asked for twice taken together. */
export function priceItems(
  products: readonly Product[],
  requested: readonly RequestedItem[],
): readonly PricedItem[] {
  if (requested.length === 0) {
    throw new InvalidInput(
      'An order needs at least one product.',
      [{ pointer: '/items', detail: 'must name a product' }],
      { code: 'order-empty' },
    );
  }
  const quantities = new Map<Product, number>();
  for (const [index, { product: wanted, quantity }] of requested.entries()) {
    const product = resolveProduct(products, wanted);
    quantities.set(product, (quantities.get(product) ?? 0) + quantity);
    if (!Number.isInteger(quantity) || quantity < 1 || quantities.get(product)! > maxQuantity) {
      throw new InvalidInput(
        `The quantity of ${product.name} must be 1 to ${maxQuantity}.`,
        [{ pointer: `/items/${index}/quantity`, detail: `must be 1 to ${maxQuantity} of each product` }],
        { code: 'quantity-out-of-range', data: { min: 1, max: maxQuantity } },
      );
    }
  }
  const items = [...quantities].map(([product, quantity]) => ({ product, quantity }));
  if (new Set(items.map(({ product }) => product.currency)).size > 1) {
    throw new Conflict('These products are priced in different currencies.', { code: 'currencies-mixed' });
  }
  return items;
}

function resolveProduct(products: readonly Product[], wanted: string): Product {
  const key = wanted.trim().toLowerCase();
  const product = products.find(
    ({ id, slug, name }) => id === key || slug === key || name.toLowerCase() === key,
  );
  const onOffer = products.filter(({ active }) => active).map(({ name }) => name);
  const offer = onOffer.length === 0 ? 'nothing at the moment' : onOffer.slice(0, 12).join(', ');
  const data = { offered: onOffer };
  if (product === undefined) {
    throw new NotFound(`"${wanted}" is not sold here. On sale: ${offer}.`, {
      code: 'product-not-sold',
      data,
    });
  }
  if (!product.active) {
    throw new Conflict(`${product.name} is not available now. On sale: ${offer}.`, {
      code: 'product-not-available',
      data,
    });
  }
  return product;
}
