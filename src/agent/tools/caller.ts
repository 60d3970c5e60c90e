import {
  type Customer,
  findCustomerByPhone,
  findOrCreateCustomerByPhone,
  findPhone,
  getCustomer,
} from '../../business/customers/customers.ts';
import { wordsOf } from '../../platform/process/text.ts';
import { InvalidInput, NotFound } from '../../platform/process/errors.ts';
import type { CustomerId } from '../../business/tenancy/ids/ids.ts';
import type { ToolContext } from './tool.ts';

/*
 * Identifies the caller and limits tools to the caller's records. The carrier supplies the number; records of the
 * customer with that number are visible, all others are not found. A caller with a withheld number proves ownership of
 * a record by its reference and the name it was made under. Arguments of the model cannot widen this.
 */

/** The customer with the caller's number. Undefined when there is none yet, or the number is withheld. */
export async function findCaller(context: ToolContext): Promise<Customer | undefined> {
  if (context.callerPhone === undefined) return undefined;
  return findCustomerByPhone(context.tx, context.callerPhone);
}

/** The customer something new is made for. `phone` counts only when the caller's own number is withheld. */
export async function ensureCaller(
  context: ToolContext,
  said: { readonly name?: string | undefined; readonly phone?: string | undefined },
): Promise<Customer> {
  const phone = context.callerPhone ?? completed(context, said.phone);
  if (phone === undefined) {
    throw new InvalidInput(
      'The caller withholds their number.',
      [{ pointer: '/callerPhone', detail: 'is needed where the number is withheld' }],
      { code: 'caller-phone-missing' },
    );
  }
  return findOrCreateCustomerByPhone(context.tx, { phone, name: said.name });
}

/** Adds the country code that people leave out; returns what is not a phone number unchanged. */
export function completed(context: ToolContext, saidPhone: string | undefined): string | undefined {
  if (saidPhone === undefined) return undefined;
  return findPhone(saidPhone, context.callerPhone ?? context.dialledPhone) ?? saidPhone;
}

/** A record of the caller's, found by its reference; NotFound for somebody else's, just as for none at all. */
export async function getOwnRecord<Found extends { readonly customerId: CustomerId | null }>(
  context: ToolContext,
  request: { readonly what: string; readonly reference: string; readonly callerName?: string | undefined },
  find: (owned: { reference: string; customerId?: CustomerId }) => Promise<Found | undefined>,
): Promise<Found> {
  const { reference } = request;
  const caller = await findCaller(context);
  if (caller !== undefined) {
    const own = await find({ reference, customerId: caller.id });
    if (own !== undefined) return own;
  } else if (context.callerPhone === undefined) {
    const named = await find({ reference });
    if (named !== undefined && (await isMadeUnder(context, named, request.callerName))) return named;
    throw new NotFound(`There is no ${request.what} "${reference}" under that name.`, {
      code: 'reference-name-mismatch',
      data: { reference },
    });
  }
  throw new NotFound(`There is no ${request.what} "${reference}" for this caller's number.`, {
    code: 'reference-unknown',
    data: { reference },
  });
}

async function isMadeUnder(
  context: ToolContext,
  { customerId }: { readonly customerId: CustomerId | null },
  name: string | undefined,
): Promise<boolean> {
  if (customerId === null || name === undefined) return false;
  const customer = await getCustomer(context.tx, customerId);
  return customer.name !== null && letters(customer.name) === letters(name) && letters(name) !== '';
}

/** Reduces a name to its letters, because recognisers vary case, accents and punctuation. */
function letters(name: string): string {
  return wordsOf(name).join('');
}
