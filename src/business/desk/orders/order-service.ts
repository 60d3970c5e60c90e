import { newId } from '../../../platform/data/ids.ts';
import type { ExpectedVersions, RequestedChange } from '../../../platform/data/version.ts';
import { Conflict, InvalidInput } from '../../../platform/process/errors.ts';
import { encryptAddress } from '../../catalog/company/company.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { OrderId } from '../../tenancy/ids/ids.ts';
import { nextReference } from '../../tenancy/references/references.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { type CallExists, checkCall, type CustomerLink, getLinkedCustomer } from '../links/links.ts';
import { customerOrderTable } from './customer-order-table.ts';
import type { NewOrder, Order, OrderChanges, OrderStatus } from './order.ts';
import { orderEvents } from './order-events.ts';
import { priceItems } from './order-pricing.ts';
import { toOrder, withItems } from './order-queries.ts';
import { nextStatuses } from './order-status.ts';

// Maximum of the column.
const largestTotalMinor = 2_147_483_647;

/** Places an order for a client of the API, which names the customer and the call. */
export async function takeOrder(
  tx: Tx,
  actor: TenantActor,
  input: Omit<NewOrder, 'customerId'> & CustomerLink,
  callExists: CallExists,
): Promise<Order> {
  const { customer, customerId: named, ...order } = input;
  await checkCall(tx, input.callId, callExists);
  const customerId = await getLinkedCustomer(tx, { customerId: named, customer });
  return createOrder(tx, actor, { ...order, customerId });
}

/** Places an order. Names and prices are copied from the catalogue, so that later changes do not affect it. */
export async function createOrder(tx: Tx, actor: TenantActor, input: NewOrder): Promise<Order> {
  const priced = await priceItems(tx, input.items);
  const orderId = newId('ord');
  const items = priced.map(({ product, quantity }, position) => ({
    tenantId: tx.tenantId,
    orderId,
    position,
    productId: product.id,
    name: product.name,
    quantity,
    unitPriceMinor: product.priceMinor,
  }));
  const totalMinor = items.reduce((sum, item) => sum + item.quantity * item.unitPriceMinor, 0);
  refuseTooMuch(totalMinor);
  const row = await customerOrderTable.insert(tx, {
    id: orderId,
    reference: await nextReference(tx, 'order'),
    customerId: input.customerId,
    callId: input.callId ?? null,
    status: 'placed',
    totalMinor,
    currency: priced[0].product.currency,
    note: input.note?.trim() || null,
    addressEncrypted: encryptAddress(tx.cipher, input.address ?? null),
    createdAt: input.createdAt,
  });
  await tx.insertInto('orderItem').values(items).execute();
  const after = toOrder(tx.cipher, row!, items);
  await happened(tx, actor, orderEvents.created({ subject: orderId, after }));
  return after;
}

/** Cancels an order for the caller, only before its preparation has begun. */
export async function cancelOrder(tx: Tx, actor: TenantActor, id: OrderId): Promise<Order> {
  const order = await lockOrder(tx, id);
  refuseLateCancellation(order);
  return become(tx, actor, order, { status: 'cancelled' });
}

/** Changes status and delivery of an order, for the business. */
export async function changeOrder(
  tx: Tx,
  actor: TenantActor,
  id: OrderId,
  { changes, ifMatch }: RequestedChange<OrderChanges>,
): Promise<Order> {
  const { status, reason, note, address } = changes;
  let order = await lockOrder(tx, id, ifMatch);
  if (note !== undefined || address !== undefined) order = await correct(tx, actor, order, changes);
  if (status === undefined || status === order.status) return order;
  refuseForbiddenStep(order, status);
  return become(tx, actor, order, { status, reason: reason?.trim() || undefined });
}

async function lockOrder(tx: Tx, id: OrderId, ifMatch?: ExpectedVersions): Promise<Order> {
  const [order] = await withItems(tx, [await customerOrderTable.lock(tx, id, ifMatch)]);
  return order!;
}

async function become(
  tx: Tx,
  actor: TenantActor,
  before: Order,
  { status, reason }: { readonly status: OrderStatus; readonly reason?: string | undefined },
): Promise<Order> {
  const row = await customerOrderTable.update(tx, before.id, { status });
  const after = toOrder(tx.cipher, row, before.items);
  const fact = { subject: before.id, before, after, details: { reason } };
  await happened(tx, actor, orderEvents['status-changed'](fact));
  return after;
}

async function correct(
  tx: Tx,
  actor: TenantActor,
  before: Order,
  { note, address }: Pick<OrderChanges, 'note' | 'address'>,
): Promise<Order> {
  if (nextStatuses(before.status).length === 0) {
    throw new Conflict(`Order ${before.reference} is ${before.status} and stays as it is.`, {
      code: 'order-closed',
      data: { allowed: [] },
    });
  }
  const row = await customerOrderTable.update(tx, before.id, {
    ...(note === undefined ? {} : { note: note?.trim() || null }),
    ...(address === undefined ? {} : { addressEncrypted: encryptAddress(tx.cipher, address) }),
  });
  const after = toOrder(tx.cipher, row, before.items);
  await happened(tx, actor, orderEvents.updated({ subject: before.id, before, after }));
  return after;
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

function refuseTooMuch(totalMinor: number): void {
  if (totalMinor <= largestTotalMinor) return;
  throw new InvalidInput(
    'The total is more than one order can be.',
    [{ pointer: '/items', detail: 'cost too much together' }],
    { code: 'order-too-large' },
  );
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
