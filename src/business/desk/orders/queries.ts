import { sql } from 'kysely';
import type { OrderStatus } from './customer-order-table.ts';
import type { OrderEntryKind } from './order-entry-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, CustomerId, OrderId, ProductId } from '../../tenancy/references/ids.ts';

const productColumns = ['id', 'slug', 'name', 'description', 'priceMinor', 'currency', 'active'] as const;

export function listProducts(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('product')
    .select(productColumns)
    .where('tenantId', '=', tenantId)
    .where('archivedAt', 'is', null)
    .orderBy('name')
    .orderBy('id')
    .execute();
}

const orderColumns = [
  'id',
  'reference',
  'customerId',
  'callId',
  'status',
  'totalMinor',
  'currency',
  'note',
  'addressEncrypted',
  'createdAt',
  'updatedAt',
] as const;

export interface NewOrder {
  readonly id: OrderId;
  readonly reference: string;
  readonly customerId: CustomerId;
  readonly callId: CallId | null;
  readonly status: OrderStatus;
  readonly totalMinor: number;
  readonly currency: string;
  readonly note: string | null;
  readonly addressEncrypted: string | null;
}

export function insertOrder(db: Db, tenantId: TenantId, order: NewOrder) {
  return db
    .insertInto('customerOrder')
    .values({ tenantId, ...order })
    .returning(orderColumns)
    .executeTakeFirstOrThrow();
}

export interface NewOrderItem {
  readonly position: number;
  readonly productId: ProductId;
  readonly name: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export function insertItems(db: Db, tenantId: TenantId, orderId: OrderId, items: readonly NewOrderItem[]) {
  return db
    .insertInto('orderItem')
    .values(items.map((item) => ({ tenantId, orderId, ...item })))
    .execute();
}

export interface OrderKey {
  readonly id?: OrderId | undefined;
  readonly reference?: string | undefined;
  /** Only an order of this customer. */
  readonly customerId?: CustomerId | undefined;
}

function selectOrder(db: Db, tenantId: TenantId, { id, reference, customerId }: OrderKey) {
  return db
    .selectFrom('customerOrder')
    .select(orderColumns)
    .where('tenantId', '=', tenantId)
    .$if(id !== undefined, (query) => query.where('id', '=', id!))
    .$if(id === undefined, (query) => query.where('reference', '=', reference ?? ''))
    .$if(customerId !== undefined, (query) => query.where('customerId', '=', customerId!));
}

export function findOrder(db: Db, tenantId: TenantId, key: OrderKey) {
  return selectOrder(db, tenantId, key).executeTakeFirst();
}

/** Holds the order until the transaction ends. */
export function lockOrder(db: Db, tenantId: TenantId, key: OrderKey) {
  return selectOrder(db, tenantId, key).forUpdate().executeTakeFirst();
}

export function listByCustomer(db: Db, tenantId: TenantId, customerId: CustomerId, limit: number) {
  return db
    .selectFrom('customerOrder')
    .select(orderColumns)
    .where('tenantId', '=', tenantId)
    .where('customerId', '=', customerId)
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export function listItems(db: Db, tenantId: TenantId, orderIds: readonly OrderId[]) {
  return db
    .selectFrom('orderItem')
    .select(['orderId', 'position', 'productId', 'name', 'quantity', 'unitPriceMinor'])
    .where('tenantId', '=', tenantId)
    .where('orderId', 'in', [...orderIds])
    .orderBy('orderId')
    .orderBy('position')
    .execute();
}

export function updateOrder(
  db: Db,
  tenantId: TenantId,
  orderId: OrderId,
  values: {
    readonly status?: OrderStatus | undefined;
    readonly note?: string | null | undefined;
    readonly addressEncrypted?: string | null | undefined;
  },
) {
  return db
    .updateTable('customerOrder')
    .set({ ...values, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', orderId)
    .returning(orderColumns)
    .executeTakeFirstOrThrow();
}

export interface NewOrderEntry {
  readonly kind: OrderEntryKind;
  readonly author: string;
  readonly fromStatus: OrderStatus | null;
  readonly toStatus: OrderStatus | null;
  readonly note: string | null;
}

/** Numbers the entry after the last one; the caller holds the order. */
export function appendEntry(db: Db, tenantId: TenantId, orderId: OrderId, entry: NewOrderEntry) {
  return db
    .insertInto('orderEntry')
    .values({
      tenantId,
      orderId,
      ...entry,
      sequence: sql<number>`(select coalesce(max(sequence), 0) + 1 from order_entry
        where tenant_id = ${tenantId} and order_id = ${orderId})`,
    })
    .execute();
}

/** In order. */
export function listEntries(db: Db, tenantId: TenantId, orderId: OrderId, limit: number) {
  return db
    .selectFrom('orderEntry')
    .select(['sequence', 'kind', 'author', 'fromStatus', 'toStatus', 'note', 'at'])
    .where('tenantId', '=', tenantId)
    .where('orderId', '=', orderId)
    .orderBy('sequence')
    .limit(limit)
    .execute();
}

export interface OrderFilter {
  readonly status?: readonly OrderStatus[] | undefined;
  readonly customerId?: CustomerId | undefined;
  readonly callId?: CallId | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly reference?: string | undefined;
  readonly after?: { readonly createdAt: Date; readonly id: OrderId } | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listOrders(db: Db, tenantId: TenantId, filter: OrderFilter) {
  const { status, customerId, callId, from, to, reference, after, limit } = filter;
  return db
    .selectFrom('customerOrder')
    .select(orderColumns)
    .where('tenantId', '=', tenantId)
    .$if(status !== undefined, (query) => query.where('status', 'in', [...status!]))
    .$if(customerId !== undefined, (query) => query.where('customerId', '=', customerId!))
    .$if(callId !== undefined, (query) => query.where('callId', '=', callId!))
    .$if(from !== undefined, (query) => query.where('createdAt', '>=', from!))
    .$if(to !== undefined, (query) => query.where('createdAt', '<', to!))
    .$if(reference !== undefined, (query) => query.where('reference', '=', reference!))
    .$if(after !== undefined, (query) =>
      query.where((row) => row(row.refTuple('createdAt', 'id'), '<', row.tuple(after!.createdAt, after!.id))),
    )
    .orderBy('createdAt', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}
