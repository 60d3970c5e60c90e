import type { OrderStatus } from '../../../db/schema/customer-order.ts';
import type { Db } from '../../platform/db.ts';
import { Conflict, NotFound } from '../../platform/errors.ts';
import {
  type CallId,
  type CustomerId,
  newId,
  type OrderId,
  type ProductId,
  type TenantId,
} from '../../platform/ids.ts';
import { parseReference } from '../references/reference.ts';
import { nextReference } from '../references/service.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import { priceItems, type Product, type RequestedItem } from './catalogue.ts';
import * as queries from './queries.ts';

export interface OrderItem {
  readonly productId: ProductId;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export interface Order {
  readonly id: OrderId;
  /** Short enough to say: O-1042. */
  readonly reference: string;
  readonly customerId: CustomerId;
  readonly callId: CallId | null;
  readonly status: OrderStatus;
  readonly totalMinor: number;
  readonly currency: string;
  readonly note: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly items: readonly OrderItem[];
}

/** An order as the caller names it. With `customerId`, somebody else's order does not exist. */
export interface OrderRequest {
  readonly reference: string;
  readonly customerId?: CustomerId | undefined;
}

/** Adds the product, or brings the one with this slug up to date. */
export function saveProduct(db: Db, tenantId: TenantId, input: Omit<Product, 'id'>): Promise<Product> {
  return inTenant(db, tenantId, (transaction) =>
    queries.upsertProduct(transaction, tenantId, { id: newId('prd'), ...input }),
  );
}

/** What is on sale, by name; with `query`, only what its words appear in. */
export async function listProducts(
  db: Db,
  tenantId: TenantId,
  options: { readonly query?: string | undefined; readonly includeUnavailable?: boolean } = {},
): Promise<readonly Product[]> {
  const words = (options.query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const products = await inTenant(db, tenantId, (transaction) => queries.listProducts(transaction, tenantId));
  return products.filter((product) => {
    if (!product.available && options.includeUnavailable !== true) return false;
    const text = `${product.name} ${product.description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

export interface CreateOrder {
  readonly customerId: CustomerId;
  readonly items: readonly RequestedItem[];
  readonly callId?: CallId | undefined;
  readonly note?: string | undefined;
}

export function createOrder(db: Db, tenantId: TenantId, input: CreateOrder): Promise<Order> {
  return inTenant(db, tenantId, async (transaction) => {
    const priced = priceItems(await queries.listProducts(transaction, tenantId), input.items);
    const items = priced.map(({ product, quantity }, position) => ({
      position,
      productId: product.id,
      name: product.name,
      quantity,
      unitPriceMinor: product.priceMinor,
    }));
    const order = await queries.insertOrder(transaction, tenantId, {
      id: newId('ord'),
      reference: await nextReference(transaction, tenantId, 'order'),
      customerId: input.customerId,
      callId: input.callId ?? null,
      status: 'placed',
      totalMinor: items.reduce((sum, item) => sum + item.quantity * item.unitPriceMinor, 0),
      currency: priced[0]!.product.currency,
      note: input.note?.trim() || null,
    });
    await queries.insertItems(transaction, tenantId, order.id, items);
    return { ...order, items: items.map(toItem) };
  });
}

export function findOrder(db: Db, tenantId: TenantId, request: OrderRequest): Promise<Order | undefined> {
  const reference = parseReference('order', request.reference);
  if (reference === undefined) return Promise.resolve(undefined);
  return inTenant(db, tenantId, async (transaction) => {
    const order = await queries.findByReference(transaction, tenantId, { ...request, reference });
    return order === undefined ? undefined : (await withItems(transaction, tenantId, [order]))[0];
  });
}

export async function getOrder(db: Db, tenantId: TenantId, request: OrderRequest): Promise<Order> {
  const order = await findOrder(db, tenantId, request);
  return order ?? noSuchOrder(request);
}

/** Newest first. */
export function listOrdersOfCustomer(
  db: Db,
  tenantId: TenantId,
  customerId: CustomerId,
  limit = 5,
): Promise<readonly Order[]> {
  return inTenant(db, tenantId, async (transaction) =>
    withItems(transaction, tenantId, await queries.listByCustomer(transaction, tenantId, customerId, limit)),
  );
}

/** Only what nobody has begun to prepare can be cancelled on the phone. */
export function cancelOrder(db: Db, tenantId: TenantId, request: OrderRequest): Promise<Order> {
  const reference = parseReference('order', request.reference);
  return inTenant(db, tenantId, async (transaction) => {
    const order =
      reference === undefined
        ? undefined
        : await queries.lockByReference(transaction, tenantId, { ...request, reference });
    if (order === undefined) return noSuchOrder(request);
    refuseLateCancellation(order);
    const cancelled = await queries.setStatus(transaction, tenantId, order.id, 'cancelled');
    return (await withItems(transaction, tenantId, [cancelled]))[0]!;
  });
}

/** How the business moves an order along. */
export function setOrderStatus(
  db: Db,
  tenantId: TenantId,
  request: OrderRequest & { readonly status: Exclude<OrderStatus, 'cancelled'> },
): Promise<Order> {
  return inTenant(db, tenantId, async (transaction) => {
    const order = await getOrder(transaction, tenantId, request);
    if (order.status === 'cancelled') throw new Conflict(`Order ${order.reference} is cancelled.`);
    const changed = await queries.setStatus(transaction, tenantId, order.id, request.status);
    return { ...changed, items: order.items };
  });
}

function refuseLateCancellation(order: Pick<Order, 'reference' | 'status'>): void {
  switch (order.status) {
    case 'placed':
      return;
    case 'cancelled':
      throw new Conflict(`Order ${order.reference} is cancelled already; there is nothing left to do.`);
    case 'preparing':
      throw new Conflict(
        `Order ${order.reference} is being prepared and can no longer be cancelled here; take a message for the team.`,
      );
    case 'shipped':
    case 'delivered':
      throw new Conflict(
        `Order ${order.reference} has been ${order.status}; open a ticket for a return instead.`,
      );
    default:
      order.status satisfies never;
  }
}

async function withItems(
  db: Db,
  tenantId: TenantId,
  orders: readonly Omit<Order, 'items'>[],
): Promise<readonly Order[]> {
  if (orders.length === 0) return [];
  const items = await queries.listItems(
    db,
    tenantId,
    orders.map(({ id }) => id),
  );
  const byOrder = Map.groupBy(items, ({ orderId }) => orderId);
  return orders.map((order) => ({
    ...order,
    items: (byOrder.get(order.id) ?? []).map(toItem),
  }));
}

function toItem({ productId, name, quantity, unitPriceMinor }: OrderItem): OrderItem {
  return { productId, name, quantity, unitPriceMinor };
}

function noSuchOrder(request: OrderRequest): never {
  throw new NotFound(
    `There is no order "${request.reference}"; ask for the number again, or look under the caller's phone number.`,
  );
}
