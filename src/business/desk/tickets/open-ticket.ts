import type { Db } from '../../../platform/data/db.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { type CustomerLink, findLinkedCustomer, refuseUnlessCall } from '../links/links.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { createTicket, type CreateTicket, type Ticket } from './service.ts';

/** Opened by a client, who says whom it is for and which call it came from. */
export function openTicket(
  db: Db,
  actor: TenantActor,
  input: Omit<CreateTicket, 'customerId'> & CustomerLink,
): Promise<Ticket> {
  const { tenantId } = actor;
  const { customer, customerId: named, ...ticket } = input;
  return inTenant(db, tenantId, async (transaction) => {
    await refuseUnlessCall(transaction, tenantId, input.callId);
    const customerId = await findLinkedCustomer(transaction, tenantId, { customerId: named, customer });
    return createTicket(transaction, tenantId, { ...ticket, customerId, actor });
  });
}
