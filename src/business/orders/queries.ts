import { sql } from 'kysely';
import type { OrderStatus } from '../../../db/schema/customer-order.ts';
import type { Db } from '../../platform/db.ts';
import type { CallId, CustomerId, OrderId, ProductId, TenantId } from '../../platform/ids.ts';

const productColumns = ['id', 'slug', 'name', 'description', 'priceMinor', 'currency', 'available'] as const;

export interface NewProduct {
  readonly id: ProductId;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly available: boolean;
}

export function upsertProduct(db: Db, tenantId: TenantId, product: NewProduct) {
  const { name, description, priceMinor, currency, available } = product;
  return db
    .insertInto('product')
    .values({ tenantId, ...product })
    .onConflict((conflict) =>
      conflict
        .columns(['tenantId', 'slug'])
        // What was put away is brought back.
        .doUpdateSet({ name, description, priceMinor, currency, available, archivedAt: null }),
    )
    .returning(productColumns)
    .executeTakeFirstOrThrow();
}

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
  readonly reference: string;
  /** Only an order of this customer. */
  readonly customerId?: CustomerId | undefined;
}

function selectByReference(db: Db, tenantId: TenantId, key: OrderKey) {
  const query = db
    .selectFrom('customerOrder')
    .select(orderColumns)
    .where('tenantId', '=', tenantId)
    .where('reference', '=', key.reference);
  return key.customerId === undefined ? query : query.where('customerId', '=', key.customerId);
}

export function findByReference(db: Db, tenantId: TenantId, key: OrderKey) {
  return selectByReference(db, tenantId, key).executeTakeFirst();
}

/** Holds the order until the transaction ends. */
export function lockByReference(db: Db, tenantId: TenantId, key: OrderKey) {
  return selectByReference(db, tenantId, key).forUpdate().executeTakeFirst();
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

export function setStatus(db: Db, tenantId: TenantId, orderId: OrderId, status: OrderStatus) {
  return db
    .updateTable('customerOrder')
    .set({ status, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', orderId)
    .returning(orderColumns)
    .executeTakeFirstOrThrow();
}
