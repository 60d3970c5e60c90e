import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import type { Db } from '../../../platform/data/db.ts';
import { appendCall, customerSpoke, openConversation } from '../conversations/service.ts';
import { findPhone } from '../../customers/customers.ts';
import { findOrCreateCustomerByPhone } from '../../customers/customers.ts';
import type { CallRecord } from './call-event.ts';
import * as queries from './queries.ts';

/**
 * A call is a voice conversation of the customer with the caller's number, who is put on record by calling. Follows
 * new records of one call, in the transaction that stores them.
 */
export async function linkCaller(transaction: Db, records: readonly CallRecord[]): Promise<void> {
  const { tenantId, callId } = records[0]!;
  for (const { event, at } of records) {
    if (event.type === 'call-started') await openForCall(transaction, records[0]!, event.from);
    if (event.type !== 'caller-turn') continue;
    const { conversationId } = (await queries.findCall(transaction, tenantId, callId))!;
    if (conversationId === null) return;
    return customerSpoke(transaction, tenantId, { conversationId, by: callId, at: new Date(at) });
  }
}

async function openForCall(
  transaction: Db,
  { tenantId, callId, at }: CallRecord,
  from: string,
): Promise<void> {
  const startedAt = new Date(at);
  const phone = findPhone(from);
  const customer =
    phone === undefined
      ? undefined
      : await inTenant(transaction, tenantId, (tx) => findOrCreateCustomerByPhone(tx, { phone }));
  const { id: conversationId } = await openConversation(transaction, tenantId, {
    channel: 'voice',
    customerId: customer?.id,
    at: startedAt,
  });
  await appendCall(transaction, tenantId, { conversationId, callId, at: startedAt });
  await queries.updateCall(transaction, tenantId, callId, {
    customerId: customer?.id ?? null,
    conversationId,
  });
}
