import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { CallId, CustomerId } from '../../tenancy/references/ids.ts';
import { idInput } from '../../../platform/http/rest-ids.ts';
import { findOrCreateCustomerByPhone, getCustomer } from '../../customers/customers.ts';

/* Whom a ticket, an order or a booking is for, and the call it came from, as clients say it. */

export const customerInput = z.strictObject({
  phone: z
    .string()
    .min(1)
    .max(40)
    .meta({ examples: ['+14155550123'] }),
  name: z
    .string()
    .trim()
    .max(120)
    .optional()
    .meta({ examples: ['Maya Lindgren'] }),
});

/** To be spread into the body of what is created. */
export const linkFields = {
  customerId: idInput('cus').optional(),
  customer: customerInput
    .optional()
    .describe('Instead of customerId: the customer with this phone, made if new.'),
  callId: idInput('call').optional().describe('The call it came from.'),
};

export interface CustomerLink {
  readonly customerId?: CustomerId | undefined;
  readonly customer?: z.output<typeof customerInput> | undefined;
}

/** Undefined when none is named. */
export async function findLinkedCustomer(
  transaction: Db,
  tenantId: TenantId,
  { customerId, customer }: CustomerLink,
): Promise<CustomerId | undefined> {
  if (customerId !== undefined && customer !== undefined) {
    throw new InvalidInput(
      'The customer is named twice: by customerId and by customer.',
      [{ pointer: '/customer', detail: 'must be left out where there is a customerId' }],
      { code: 'customer-named-twice' },
    );
  }
  if (customer !== undefined)
    return (await inTenant(transaction, tenantId, (tx) => findOrCreateCustomerByPhone(tx, customer))).id;
  return customerId === undefined
    ? undefined
    : (await inTenant(transaction, tenantId, (tx) => getCustomer(tx, customerId))).id;
}

export async function getLinkedCustomer(
  transaction: Db,
  tenantId: TenantId,
  link: CustomerLink,
): Promise<CustomerId> {
  const customerId = await findLinkedCustomer(transaction, tenantId, link);
  if (customerId !== undefined) return customerId;
  throw new InvalidInput(
    'Neither customerId nor customer says whom it is for.',
    [{ pointer: '/customerId', detail: 'or customer is needed' }],
    { code: 'customer-missing' },
  );
}

/** A tool writes during the call, before the call has a row; a client only knows calls that have one. */
export async function refuseUnlessCall(
  transaction: Db,
  tenantId: TenantId,
  callId: CallId | undefined,
): Promise<void> {
  if (callId === undefined) return;
  const call = await transaction
    .selectFrom('call')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('id', '=', callId)
    .executeTakeFirst();
  if (call === undefined) throw new NotFound('There is no such call.');
}
