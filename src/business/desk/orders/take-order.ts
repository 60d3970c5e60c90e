import type { Db } from '../../../platform/data/db.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { type CustomerLink, getLinkedCustomer, refuseUnlessCall } from '../links/links.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { createOrder, type CreateOrder, type Order } from './service.ts';

/** Placed by a client, who says whom it is for and which call it came from. */
export function takeOrder(
  db: Db,
  actor: TenantActor,
  input: Omit<CreateOrder, 'customerId'> & CustomerLink,
): Promise<Order> {
  const { tenantId } = actor;
  const { customer, customerId: named, ...order } = input;
  return inTenant(db, tenantId, async (transaction) => {
    await refuseUnlessCall(transaction, tenantId, input.callId);
    const customerId = await getLinkedCustomer(transaction, tenantId, { customerId: named, customer });
    return createOrder(transaction, tenantId, { ...order, customerId, actor });
  });
}
