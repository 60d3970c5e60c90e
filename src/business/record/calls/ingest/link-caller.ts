import type { Tx } from '../../../tenancy/tenancy.ts';
import { appendCall, customerSpoke, openConversation } from '../../conversations/conversations.ts';
import { agentActor } from '../../../tenancy/actor/actor.ts';
import { findOrCreateCustomerByPhone, findPhone } from '../../../customers/customers.ts';
import type { CallRecord } from '../call-record.ts';
import { callTable } from '../call-table.ts';

/**
 * Puts a call into the voice conversation of the customer with the caller's number; a new caller becomes a customer.
 * Called with new records of one call, in the transaction that stores them.
 */
export async function linkCaller(tx: Tx, records: readonly CallRecord[]): Promise<void> {
  const { callId } = records[0]!;
  for (const { event, at } of records) {
    if (event.type === 'call-started') await openForCall(tx, records[0]!, event.from);
    if (event.type !== 'caller-turn') continue;
    const { conversationId } = await callTable.get(tx, callId);
    if (conversationId === null) return;
    return customerSpoke(tx, agentActor(tx.tenantId, callId), { conversationId, at: new Date(at) });
  }
}

async function openForCall(tx: Tx, { callId, at }: CallRecord, from: string): Promise<void> {
  const startedAt = new Date(at);
  const agent = agentActor(tx.tenantId, callId);
  const phone = findPhone(from);
  const customer = phone === undefined ? undefined : await findOrCreateCustomerByPhone(tx, { phone });
  const { id: conversationId } = await openConversation(tx, agent, {
    channel: 'voice',
    customerId: customer?.id,
    at: startedAt,
  });
  await appendCall(tx, agent, { conversationId, callId, at: startedAt });
  await callTable.update(tx, callId, {
    customerId: customer?.id ?? null,
    conversationId,
  });
}
