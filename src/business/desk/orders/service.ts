import { z } from 'zod';
import type { OrderEntryKind } from './order-entry-table.ts';
import type { OrderStatus } from './customer-order-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { CallId, CustomerId, OrderId, ProductId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { actorIdOf, systemActor, type TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import { raiseAlert } from '../../record/alerts/alerts.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { type Address, decryptAddress, encryptAddress } from '../../catalog/company/company.ts';
import { nextReference, parseReference } from '../../tenancy/references/references.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { priceItems, type RequestedItem } from './catalogue.ts';
import { nextStatuses } from './order-status.ts';
import * as queries from './queries.ts';
import { presentOrder } from './schema.ts';

const cursorKey = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.string()]);
const longestHistory = 200;

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
  readonly address: Address | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly items: readonly OrderItem[];
}

/** An order by its id, or as the caller names it. With `customerId`, somebody else's order does not exist. */
export interface OrderRequest {
  readonly id?: OrderId | undefined;
  readonly reference?: string | undefined;
  readonly customerId?: CustomerId | undefined;
}

export interface CreateOrder {
  readonly customerId: CustomerId;
  readonly items: readonly RequestedItem[];
  readonly callId?: CallId | undefined;
  readonly note?: string | undefined;
  readonly address?: Address | undefined;
}

/** Who does it; the agent on the line by default. What the client has read is refused when it has changed since. */
interface Doing {
  readonly actor?: TenantActor | undefined;
  readonly ifMatch?: string | undefined;
}

export function createOrder(db: Db, tenantId: TenantId, input: CreateOrder & Doing): Promise<Order> {
  const actor = doer(tenantId, input);
  return inTenant(db, tenantId, async (transaction) => {
    const priced = priceItems(await queries.listProducts(transaction, tenantId), input.items);
    const items = priced.map(({ product, quantity }, position) => ({
      position,
      productId: product.id,
      name: product.name,
      quantity,
      unitPriceMinor: product.priceMinor,
    }));
    const totalMinor = items.reduce((sum, item) => sum + item.quantity * item.unitPriceMinor, 0);
    refuseTooMuch(totalMinor);
    const row = await queries.insertOrder(transaction, tenantId, {
      id: newId('ord'),
      reference: await nextReference(transaction, tenantId, 'order'),
      customerId: input.customerId,
      callId: input.callId ?? null,
      status: 'placed',
      totalMinor,
      currency: priced[0]!.product.currency,
      note: input.note?.trim() || null,
      addressEncrypted: encryptAddress(input.address ?? null),
    });
    await queries.insertItems(transaction, tenantId, row.id, items);
    const order = toOrder(row, items);
    const placed = { kind: 'placed', fromStatus: null, toStatus: 'placed', note: null } as const;
    await queries.appendEntry(transaction, tenantId, row.id, { ...placed, author: actorIdOf(actor) });
    await record(transaction, actor, 'order.created', order);
    return order;
  });
}

export function findOrder(db: Db, tenantId: TenantId, request: OrderRequest): Promise<Order | undefined> {
  const key = keyOf(request);
  if (key === undefined) return Promise.resolve(undefined);
  return inTenant(db, tenantId, async (transaction) => {
    const order = await queries.findOrder(transaction, tenantId, key);
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
export function cancelOrder(db: Db, tenantId: TenantId, request: OrderRequest & Doing): Promise<Order> {
  const actor = doer(tenantId, request);
  return inTenant(db, tenantId, async (transaction) => {
    const order = await holdOrder(transaction, tenantId, request);
    refuseLateCancellation(order);
    const cancelled = await become(transaction, actor, order, { status: 'cancelled', reason: null });
    if (actor.type === 'system') await raiseCancelled(transaction, tenantId, cancelled);
    return cancelled;
  });
}

export interface OrderChanges {
  readonly status?: OrderStatus | undefined;
  readonly note?: string | null | undefined;
  readonly address?: Address | null | undefined;
  /** Why it moves on; goes into the history. */
  readonly reason?: string | undefined;
}

/** How the business moves an order along, and corrects where it goes. */
export function changeOrder(
  db: Db,
  actor: TenantActor,
  request: OrderRequest & OrderChanges & Doing,
): Promise<Order> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    let order = await holdOrder(transaction, tenantId, request);
    if (request.note !== undefined || request.address !== undefined) {
      order = await correct(transaction, actor, order, request);
    }
    const { status, reason } = request;
    if (status === undefined || status === order.status) return order;
    refuseForbiddenStep(order, status);
    return become(transaction, actor, order, { status, reason: reason?.trim() || null });
  });
}

/** As `changeOrder`, for what runs without a person: seeds and tests. */
export function setOrderStatus(
  db: Db,
  tenantId: TenantId,
  { id, reference, customerId, status }: OrderRequest & { readonly status: OrderStatus },
): Promise<Order> {
  return changeOrder(db, systemActor(tenantId, 'business'), { id, reference, customerId, status });
}

export interface OrderEntry {
  readonly sequence: number;
  readonly kind: OrderEntryKind;
  readonly author: string;
  readonly fromStatus: OrderStatus | null;
  readonly toStatus: OrderStatus | null;
  readonly note: string | null;
  readonly at: Date;
}

/** In order. */
export function listOrderEntries(
  db: Db,
  tenantId: TenantId,
  orderId: OrderId,
): Promise<readonly OrderEntry[]> {
  return inTenant(db, tenantId, (transaction) =>
    queries.listEntries(transaction, tenantId, orderId, longestHistory),
  );
}

export interface ListOrders extends PageRequest, Omit<queries.OrderFilter, 'reference' | 'after' | 'limit'> {
  readonly q?: string | undefined;
}

/** Newest first. */
export function listOrders<Item>(
  db: Db,
  tenantId: TenantId,
  { limit, cursor, q, ...filter }: ListOrders,
  present: (order: Order) => Item,
): Promise<Page<Item>> {
  const key = cursor === undefined ? undefined : decodeCursor(cursor, cursorKey);
  const after = key === undefined ? undefined : { createdAt: key[0], id: key[1] as OrderId };
  const reference = q === undefined ? undefined : (parseReference('order', q) ?? '');
  return inTenant(db, tenantId, async (transaction) => {
    const wanted = { ...filter, reference, after, limit: limit + 1 };
    const rows = await queries.listOrders(transaction, tenantId, wanted);
    const orders = await withItems(transaction, tenantId, rows);
    return toPage(orders, limit, ({ createdAt, id }) => [createdAt.toISOString(), id], present);
  });
}

async function holdOrder(transaction: Db, tenantId: TenantId, request: OrderRequest & Doing): Promise<Order> {
  const key = keyOf(request);
  const row = key === undefined ? undefined : await queries.lockOrder(transaction, tenantId, key);
  if (row === undefined) return noSuchOrder(request);
  const [order] = await withItems(transaction, tenantId, [row]);
  checkMatch(request.ifMatch, presentOrder(order!));
  return order!;
}

async function become(
  transaction: Db,
  actor: TenantActor,
  order: Order,
  { status, reason }: { readonly status: OrderStatus; readonly reason: string | null },
): Promise<Order> {
  const { tenantId } = actor;
  const row = await queries.updateOrder(transaction, tenantId, order.id, { status });
  await queries.appendEntry(transaction, tenantId, order.id, {
    kind: 'status-changed',
    author: actorIdOf(actor),
    fromStatus: order.status,
    toStatus: status,
    note: reason,
  });
  const after = toOrder(row, order.items);
  await record(transaction, actor, 'order.status-changed', after, order);
  return after;
}

async function correct(
  transaction: Db,
  actor: TenantActor,
  order: Order,
  { note, address }: OrderChanges,
): Promise<Order> {
  if (nextStatuses(order.status).length === 0) {
    throw new Conflict(`Order ${order.reference} is ${order.status} and stays as it is.`, {
      code: 'order-closed',
      data: { allowed: [] },
    });
  }
  const { tenantId } = actor;
  const row = await queries.updateOrder(transaction, tenantId, order.id, {
    ...(note === undefined ? {} : { note: note?.trim() || null }),
    ...(address === undefined ? {} : { addressEncrypted: encryptAddress(address) }),
  });
  await queries.appendEntry(transaction, tenantId, order.id, {
    kind: 'details-changed',
    author: actorIdOf(actor),
    fromStatus: null,
    toStatus: null,
    note: null,
  });
  const after = toOrder(row, order.items);
  await record(transaction, actor, 'order.updated', after, order);
  return after;
}

function record(
  transaction: Db,
  actor: TenantActor,
  action: string,
  after: Order,
  before?: Order,
): Promise<void> {
  return recordChange(transaction, actor, { action, resource: 'order', resourceId: after.id, before, after });
}

async function raiseCancelled(transaction: Db, tenantId: TenantId, order: Order): Promise<void> {
  await raiseAlert(transaction, tenantId, {
    kind: 'order-cancelled',
    title: `Order ${order.reference} was cancelled by the caller`,
    body: order.items.map(({ quantity, name }) => `${quantity} × ${name}`).join(', '),
    about: { resource: 'order', id: order.id },
  });
}

function refuseForbiddenStep(order: Order, status: OrderStatus): void {
  const allowed = nextStatuses(order.status);
  if (allowed.includes(status)) return;
  const instead = allowed.length === 0 ? 'it stays as it is' : `it can become ${allowed.join(' or ')}`;
  throw new Conflict(`Order ${order.reference} is ${order.status} and cannot become ${status}; ${instead}.`, {
    code: 'status-not-allowed',
    data: { status: order.status, allowed },
  });
}

/** What the column holds. */
function refuseTooMuch(totalMinor: number): void {
  if (totalMinor <= 2_147_483_647) return;
  throw new InvalidInput(
    'The total is more than one order can be.',
    [{ pointer: '/items', detail: 'cost too much together' }],
    { code: 'order-too-large' },
  );
}

function doer(tenantId: TenantId, { actor = systemActor(tenantId, 'agent') }: Doing): TenantActor {
  return actor;
}

/** Undefined when what was said cannot be an order's number. */
function keyOf({ id, reference, customerId }: OrderRequest): queries.OrderKey | undefined {
  if (id !== undefined) return { id, customerId };
  const parsed = parseReference('order', reference ?? '');
  return parsed === undefined ? undefined : { reference: parsed, customerId };
}

function refuseLateCancellation(order: Pick<Order, 'reference' | 'status'>): void {
  switch (order.status) {
    case 'placed':
      return;
    case 'cancelled':
      throw new Conflict(`Order ${order.reference} is cancelled already.`, {
        code: 'already-cancelled',
        data: { allowed: [] },
      });
    case 'preparing':
      throw new Conflict(`Order ${order.reference} is being prepared and can no longer be cancelled here.`, {
        code: 'order-in-preparation',
      });
    case 'shipped':
    case 'delivered':
      throw new Conflict(`Order ${order.reference} has been ${order.status}.`, { code: 'order-shipped' });
    default:
      order.status satisfies never;
  }
}

type OrderRow = Omit<Order, 'items' | 'address'> & { readonly addressEncrypted: string | null };

async function withItems(db: Db, tenantId: TenantId, orders: readonly OrderRow[]): Promise<readonly Order[]> {
  if (orders.length === 0) return [];
  const items = await queries.listItems(
    db,
    tenantId,
    orders.map(({ id }) => id),
  );
  const byOrder = Map.groupBy(items, ({ orderId }) => orderId);
  return orders.map((order) => toOrder(order, byOrder.get(order.id) ?? []));
}

function toOrder({ addressEncrypted, ...row }: OrderRow, items: readonly OrderItem[]): Order {
  return { ...row, address: decryptAddress(addressEncrypted), items: items.map(toItem) };
}

function toItem({ productId, name, quantity, unitPriceMinor }: OrderItem): OrderItem {
  return { productId, name, quantity, unitPriceMinor };
}

function noSuchOrder({ id, reference }: OrderRequest): never {
  if (id !== undefined) throw new NotFound('There is no such order.');
  throw new NotFound(`There is no order "${reference ?? ''}".`, {
    code: 'reference-unknown',
    data: { reference: reference ?? '' },
  });
}
