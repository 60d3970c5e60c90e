import { z } from 'zod';
import { InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import type { CallId, CustomerId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { idInput } from '../../../platform/http/rest-ids.ts';
import { findOrCreateCustomerByPhone, getCustomer } from '../../customers/customers.ts';

/* The customer and the call of a ticket, an order or a booking, as clients of the API name them. */

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

/** Fields to be spread into the bodies of requests. */
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

/** Undefined if no customer is named. */
export async function findLinkedCustomer(
  tx: Tx,
  { customerId, customer }: CustomerLink,
): Promise<CustomerId | undefined> {
  if (customerId !== undefined && customer !== undefined) {
    throw new InvalidInput(
      'The customer is named twice: by customerId and by customer.',
      [{ pointer: '/customer', detail: 'must be left out where there is a customerId' }],
      { code: 'customer-named-twice' },
    );
  }
  if (customer !== undefined) return (await findOrCreateCustomerByPhone(tx, customer)).id;
  return customerId === undefined ? undefined : (await getCustomer(tx, customerId)).id;
}

export async function getLinkedCustomer(tx: Tx, link: CustomerLink): Promise<CustomerId> {
  const customerId = await findLinkedCustomer(tx, link);
  if (customerId !== undefined) return customerId;
  throw new InvalidInput(
    'Neither customerId nor customer says whom it is for.',
    [{ pointer: '/customerId', detail: 'or customer is needed' }],
    { code: 'customer-missing' },
  );
}

/** Whether the tenant has a call of this id. Calls are above the desk, so the root passes this in. */
export type CallExists = (tx: Tx, callId: CallId) => Promise<boolean>;

/** Refuses a call that the tenant does not have. Tools need no check: they write before the call has a row. */
export async function checkCall(tx: Tx, callId: CallId | undefined, callExists: CallExists): Promise<void> {
  if (callId === undefined || (await callExists(tx, callId))) return;
  throw new NotFound('There is no such call.');
}
