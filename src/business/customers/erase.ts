import type { Db } from '../../platform/data/db.ts';
import { Conflict } from '../../platform/process/errors.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';
import type { Storage } from '../../platform/data/storage.ts';
import type { TenantActor } from '../tenancy/access/actor.ts';
import { recordChange } from '../tenancy/audit/record-change.ts';
import { inTenant } from '../tenancy/tenants/unit-of-work.ts';
import * as erasing from './erase-queries.ts';
import * as queries from './queries.ts';
import { orNotFound } from './service.ts';

/** What was erased, by kind: of a second time, nothing. */
export type ErasedCounts = Readonly<Record<ErasedKind, number>>;

export const erasedKinds = [
  'customers',
  'calls',
  'recordings',
  'turns',
  'searchTexts',
  'events',
  'toolCalls',
  'conversationMessages',
  'orders',
  'orderEntries',
  'bookings',
  'tickets',
  'ticketWords',
  'ticketEntries',
  'phoneMessages',
  'alerts',
  'auditEntries',
] as const;
export type ErasedKind = (typeof erasedKinds)[number];

/**
 * Takes a person out of everything, and leaves what is nobody's: that there was a call, how long it was and what it
 * cost, an order's items and sum. Asking again finishes what was interrupted, and finds what came later.
 */
export async function eraseCustomer(
  { db, storage }: { readonly db: Db; readonly storage: Pick<Storage, 'remove'> },
  actor: TenantActor,
  { customerId, at }: { readonly customerId: CustomerId; readonly at: Date },
): Promise<ErasedCounts> {
  const { tenantId } = actor;
  // The audio first: what fails after it is erased the next time, where the rows still tell of it.
  const recordings = await inTenant(db, tenantId, async (transaction) => {
    const { records } = await findPerson(transaction, actor, customerId);
    return erasing.findRecordings(transaction, tenantId, records.calls);
  });
  const keys = recordings.flatMap(({ recordingKey }) => recordingKey ?? []);
  for (const key of keys) await storage.remove(key);

  return inTenant(db, tenantId, async (transaction) => {
    const { ids, records } = await findPerson(transaction, actor, customerId);
    const { calls, conversations, orders, bookings, tickets, messages } = records;
    const rows = await erasing.forgetRecords(transaction, tenantId, records);
    const streams = [...calls, ...conversations, ...orders, ...bookings, ...tickets];
    const events = await erasing.forget(transaction, 'forget_event_details', streams);
    const customers = await erasing.forgetCustomers(transaction, tenantId, ids, at);
    const resources = [...ids, ...streams, ...messages];
    const auditEntries = await erasing.forget(transaction, 'forget_audit_details', resources);
    const alerts = await erasing.forget(transaction, 'forget_alerts', resources);
    const counts = { ...rows, customers, events, alerts, auditEntries, recordings: keys.length };
    if (Object.values(counts).some((count) => count > 0)) {
      await recordChange(transaction, actor, {
        action: 'customer.erased',
        resource: 'customer',
        resourceId: customerId,
        after: counts,
      });
    }
    return counts;
  });
}

/** The customer, those merged into it, and everything of theirs; held until the transaction ends. */
async function findPerson(transaction: Db, { tenantId }: TenantActor, customerId: CustomerId) {
  const [customer] = await queries.lockByIds(transaction, tenantId, [customerId]);
  orNotFound(customer);
  const merged = await queries.listMerged(transaction, tenantId, customerId);
  const ids = [customerId, ...merged.map(({ id }) => id)];
  const records = await erasing.findRecords(transaction, tenantId, ids);
  const live = await erasing.findRecordings(transaction, tenantId, records.calls);
  if (live.some(({ status }) => status !== 'completed')) {
    throw new Conflict('This customer is on the phone; erase when the call is over.', {
      code: 'customer-on-call',
    });
  }
  return { ids, records };
}
