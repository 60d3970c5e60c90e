import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import { findNamedProducts, listProductsOnSale } from '../../catalog/products/products.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { RequestedItem } from './order.ts';

type Product = Awaited<ReturnType<typeof findNamedProducts>>[number];

export interface PricedItem {
  readonly product: Product;
  readonly quantity: number;
}

const maxQuantity = 100;

/** The lines of an order at current prices, with repeated products combined. */
export async function priceItems(
  tx: Tx,
  requested: readonly RequestedItem[],
): Promise<readonly [PricedItem, ...PricedItem[]]> {
  const named = await findNamedProducts(
    tx,
    requested.map(({ product }) => product),
  );
  const quantities = new Map<Product, number>();
  for (const [index, { product: wanted, quantity }] of requested.entries()) {
    const product = findProduct(named, wanted);
    if (product?.active !== true) throw await notOnSale(tx, wanted, product);
    quantities.set(product, (quantities.get(product) ?? 0) + quantity);
    refuseQuantity(product, { index, quantity, total: quantities.get(product)! });
  }
  const [first, ...others] = [...quantities].map(([product, quantity]) => ({ product, quantity }));
  if (first === undefined) {
    throw new InvalidInput(
      'An order needs at least one product.',
      [{ pointer: '/items', detail: 'must name a product' }],
      { code: 'order-empty' },
    );
  }
  if (others.some(({ product }) => product.currency !== first.product.currency)) {
    throw new Conflict('These products are priced in different currencies.', { code: 'currencies-mixed' });
  }
  return [first, ...others];
}

function findProduct(named: readonly Product[], wanted: string): Product | undefined {
  const key = wanted.trim().toLowerCase();
  return named.find(({ id, slug, name }) => id === key || slug === key || name.toLowerCase() === key);
}

/** The error for a product that is not on sale, which lists those that are. */
async function notOnSale(tx: Tx, wanted: string, product: Product | undefined): Promise<NotFound | Conflict> {
  const offered = (await listProductsOnSale(tx)).map(({ name }) => name);
  const offer = offered.length === 0 ? 'nothing at the moment' : offered.slice(0, 12).join(', ');
  const data = { offered };
  return product === undefined
    ? new NotFound(`"${wanted}" is not sold here. On sale: ${offer}.`, { code: 'product-not-sold', data })
    : new Conflict(`${product.name} is not available now. On sale: ${offer}.`, {
        code: 'product-not-available',
        data,
      });
}

function refuseQuantity(
  { name }: Product,
  { index, quantity, total }: { readonly index: number; readonly quantity: number; readonly total: number },
): void {
  if (Number.isInteger(quantity) && quantity >= 1 && total <= maxQuantity) return;
  throw new InvalidInput(
    `The quantity of ${name} must be 1 to ${maxQuantity}.`,
    [{ pointer: `/items/${index}/quantity`, detail: `must be 1 to ${maxQuantity} of each product` }],
    { code: 'quantity-out-of-range', data: { min: 1, max: maxQuantity } },
  );
}
