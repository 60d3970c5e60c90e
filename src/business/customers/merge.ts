import type { Db } from '../../platform/data/db.ts';
import { Conflict, InvalidInput } from '../../platform/process/errors.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';
import type { TenantActor } from '../tenancy/access/actor.ts';
import { recordChange } from '../tenancy/audit/record-change.ts';
import { moveConversations } from '../record/conversations/service.ts';
import { inTenant } from '../tenancy/tenants/unit-of-work.ts';
import { auditView } from './audit-view.ts';
import { toColumns, toCustomer } from './customer.ts';
import { moveRecords } from './everything-queries.ts';
import * as queries from './queries.ts';
import { type CustomerRecord, toRecord } from './records.ts';
import { orNotFound } from './service.ts';

export interface Merge {
  /** Who stays. */
  readonly customerId: CustomerId;
  /** Who is the same person: everything of theirs moves, and their number leads to who stays. */
  readonly otherId: CustomerId;
  readonly at: Date;
}

/** Two records of one person become one, whole or not at all. */
export function mergeCustomers(db: Db, actor: TenantActor, merge: Merge): Promise<CustomerRecord> {
  const { tenantId } = actor;
  const { customerId, otherId, at } = merge;
  if (customerId === otherId) {
    throw new InvalidInput(
      'A customer cannot be merged with itself.',
      [{ pointer: '/otherId', detail: 'must be another customer' }],
      { code: 'same-customer' },
    );
  }
  return inTenant(db, tenantId, async (transaction) => {
    const locked = await queries.lockByIds(transaction, tenantId, [customerId, otherId]);
    const kept = orNotFound(locked.find(({ id }) => id === customerId));
    const other = orNotFound(locked.find(({ id }) => id === otherId));
    if (kept.erasedAt !== null || other.erasedAt !== null) {
      throw new Conflict('An erased customer cannot be merged: nothing of them is stored.', {
        code: 'customer-erased',
      });
    }
    await moveConversations(transaction, tenantId, { from: otherId, to: customerId, at });
    await moveRecords(transaction, tenantId, { from: otherId, to: customerId });
    const row = await takeDetails(transaction, actor, kept, other);
    const after = await toRecord(transaction, tenantId, row);
    await recordChange(transaction, actor, {
      action: 'customer.merged',
      resource: 'customer',
      resourceId: customerId,
      before: auditView(toCustomer(kept)),
      after: { ...auditView(after), merged: otherId },
    });
    return after;
  });
}

/** What is known stays; what is not is taken from the other. */
async function takeDetails(
  transaction: Db,
  { tenantId }: TenantActor,
  keptRow: queries.CustomerRow,
  otherRow: queries.CustomerRow,
): Promise<queries.CustomerRow> {
  const [kept, other] = [toCustomer(keptRow), toCustomer(otherRow)];
  const taken = {
    phone: kept.phone ?? other.phone,
    email: kept.email ?? other.email,
    address: kept.address ?? other.address,
    name: kept.name ?? other.name,
  };
  // First out of the other: a number or address belongs to one row at a time.
  await queries.updateCustomer(transaction, tenantId, other.id, {
    mergedInto: kept.id,
    ...(kept.phone === null ? toColumns({ phone: null }) : {}),
    ...(kept.email === null ? toColumns({ email: null }) : {}),
  });
  return orNotFound(await queries.updateCustomer(transaction, tenantId, kept.id, toColumns(taken)));
}
