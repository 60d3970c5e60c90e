import { Conflict, InvalidInput } from '../../platform/process/errors.ts';
import type { TenantActor } from '../tenancy/actor/actor.ts';
import { happened } from '../tenancy/events/events.ts';
import type { Tx } from '../tenancy/tenancy.ts';
import type { CustomerId } from '../tenancy/ids/ids.ts';
import { type CustomerRecord, toColumns, toCustomer } from './customer.ts';
import { customerEvents } from './customer-events.ts';
import type { CustomerHolding } from './customer-holding.ts';
import { lockByIds, moveMerged } from './customer-queries.ts';
import { toRecord } from './customer-records.ts';
import { unlessMerged } from './customer-service.ts';
import { type CustomerRow, customerTable } from './customer-table.ts';

export interface Merge {
  /** The customer that stays. */
  readonly customerId: CustomerId;
  /** The duplicate: all its data moves, and its number leads to the customer that stays. */
  readonly otherId: CustomerId;
  readonly at: Date;
}

/** Merges two records of one person, in one transaction. */
export async function mergeCustomers(
  tx: Tx,
  actor: TenantActor,
  { customerId, otherId, at }: Merge,
  holdings: readonly CustomerHolding[],
): Promise<CustomerRecord> {
  if (customerId === otherId) {
    throw new InvalidInput(
      'A customer cannot be merged with itself.',
      [{ pointer: '/otherId', detail: 'must be another customer' }],
      { code: 'same-customer' },
    );
  }
  const { staying, other } = await lockBoth(tx, customerId, otherId);
  const move = { from: otherId, to: customerId, at };
  for (const holding of holdings) await holding.moveTo(tx, move);
  await moveMerged(tx, move);
  const after = await toRecord(tx, await takeDetails(tx, staying, other));
  await happened(
    tx,
    actor,
    customerEvents.merged({
      subject: customerId,
      before: toCustomer(tx.cipher, staying),
      after,
      details: { merged: otherId },
    }),
  );
  return after;
}

async function lockBoth(tx: Tx, customerId: CustomerId, otherId: CustomerId) {
  const locked = await lockByIds(tx, [customerId, otherId]);
  const rowOf = async (id: CustomerId): Promise<CustomerRow> =>
    unlessMerged(locked.find((row) => row.id === id) ?? (await customerTable.get(tx, id)));
  const [staying, other] = [await rowOf(customerId), await rowOf(otherId)];
  if (staying.erasedAt === null && other.erasedAt === null) return { staying, other };
  throw new Conflict('An erased customer cannot be merged: nothing of them is stored.', {
    code: 'customer-erased',
  });
}

/** Takes details that the staying customer lacks from the other. */
async function takeDetails(tx: Tx, stayingRow: CustomerRow, otherRow: CustomerRow): Promise<CustomerRow> {
  const [staying, other] = [toCustomer(tx.cipher, stayingRow), toCustomer(tx.cipher, otherRow)];
  // Removed from the other row first, because numbers and addresses are unique.
  await customerTable.update(tx, other.id, {
    mergedInto: staying.id,
    ...(staying.phone === null ? toColumns(tx.cipher, { phone: null }) : {}),
    ...(staying.email === null ? toColumns(tx.cipher, { email: null }) : {}),
  });
  return customerTable.update(
    tx,
    staying.id,
    toColumns(tx.cipher, {
      phone: staying.phone ?? other.phone,
      email: staying.email ?? other.email,
      address: staying.address ?? other.address,
      name: staying.name ?? other.name,
    }),
  );
}
