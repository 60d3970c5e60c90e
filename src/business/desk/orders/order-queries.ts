import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import type { Selectable } from 'kysely';
import { cursorInstant, keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { decryptAddress } from '../../catalog/company/company.ts';
import type { CallId, CustomerId, OrderId } from '../../tenancy/ids/ids.ts';
import { parseReference } from '../../tenancy/references/references.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { customerOrderTable } from './customer-order-table.ts';
import type { Order, OrderDetail, OrderEntry, OrderStatus } from './order.ts';
import type { OrderItemTable } from './order-item-table.ts';

export interface OrderFilter {
  readonly status?: readonly OrderStatus[] | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** A reference. */
  readonly q?: string | undefined;
}

type OrderRow = Awaited<ReturnType<typeof customerOrderTable.get>>;
type ItemRow = Pick<Selectable<OrderItemTable>, 'productId' | 'name' | 'quantity' | 'unitPriceMinor'>;

const byTime = keyset(
  { column: 'customer_order.created_at', property: 'createdAt', codec: cursorInstant },
  { column: 'customer_order.id' },
);
const longestHistory = 200;

/** Newest first. */
export async function listOrders(
  tx: Tx,
  { limit, cursor, q, from, to, ...filter }: PageRequest & OrderFilter,
): Promise<Page<Order>> {
  const reference = q === undefined ? undefined : (parseReference('order', q) ?? '');
  const createdAt = { from, before: to };
  const query = tx
    .selectFrom('customerOrder')
    .select(customerOrderTable.columns)
    .where(matching('customerOrder', { tenantId: tx.tenantId, ...filter, reference, createdAt }));
  const { data, nextCursor } = await byTime.page(query, { limit, cursor, direction: 'desc' });
  return { data: await withItems(tx, data), nextCursor };
}

/** Finds an order by a spoken reference. With `customerId`, other customers' orders are not found. */
export async function findOrder(
  tx: Tx,
  request: { readonly reference: string; readonly customerId?: CustomerId | undefined },
): Promise<Order | undefined> {
  const reference = parseReference('order', request.reference);
  if (reference === undefined) return undefined;
  const rows = await tx
    .selectFrom('customerOrder')
    .select(customerOrderTable.columns)
    .where(matching('customerOrder', { tenantId: tx.tenantId, reference, customerId: request.customerId }))
    .execute();
  return (await withItems(tx, rows))[0];
}

export async function getOrder(tx: Tx, id: OrderId): Promise<OrderDetail> {
  const [order] = await withItems(tx, [await customerOrderTable.get(tx, id)]);
  return { ...order!, history: await listHistory(tx, id) };
}

/** Oldest first. */
function listHistory(tx: Tx, orderId: OrderId): Promise<OrderEntry[]> {
  return tx
    .selectFrom('orderEntry')
    .select(['sequence', 'kind', 'author', 'fromStatus', 'toStatus', 'note', 'at'])
    .where(matching('orderEntry', { tenantId: tx.tenantId, orderId }))
    .orderBy('sequence')
    .limit(longestHistory)
    .execute();
}

export async function withItems(tx: Tx, orders: readonly OrderRow[]): Promise<Order[]> {
  if (orders.length === 0) return [];
  const orderIds = orders.map(({ id }) => id);
  const items = await tx
    .selectFrom('orderItem')
    .select(['orderId', 'productId', 'name', 'quantity', 'unitPriceMinor'])
    .where(matching('orderItem', { tenantId: tx.tenantId, orderId: orderIds }))
    .orderBy('orderId')
    .orderBy('position')
    .execute();
  const byOrder = Map.groupBy(items, ({ orderId }) => orderId);
  return orders.map((order) => toOrder(tx.cipher, order, byOrder.get(order.id) ?? []));
}

export function toOrder(
  cipher: PersonalDataCipher,
  { addressEncrypted, ...row }: OrderRow,
  items: readonly ItemRow[],
): Order {
  return {
    ...row,
    address: decryptAddress(cipher, addressEncrypted),
    items: items.map(({ productId, name, quantity, unitPriceMinor }) => ({
      productId,
      name,
      quantity,
      unitPriceMinor,
      totalMinor: quantity * unitPriceMinor,
    })),
  };
}
