import { newId } from '../../platform/data/ids.ts';
import { NotFound } from '../../platform/process/errors.ts';
import type { CustomerId } from '../tenancy/ids/ids.ts';
import type { Tx } from '../tenancy/tenancy.ts';
import { type Customer, toColumns, toCustomer } from './customer.ts';
import { findByPhone } from './customer-queries.ts';
import { type CustomerRow, customerTable } from './customer-table.ts';
import { findPhone, parsePhone } from './phone.ts';

/*
 * Services for calls, chats and tools. Those for the REST API are in `customer-records.ts`.
 */

/** Finds or creates the customer with this number. A name is only set if none is known. */
export async function findOrCreateCustomerByPhone(
  tx: Tx,
  input: { readonly phone: string; readonly name?: string | undefined },
): Promise<Customer> {
  const phone = parsePhone(input.phone, '/customer/phone');
  const name = input.name?.trim() || null;
  const find = () => findByPhone(tx, phone);
  const found =
    (await find()) ??
    (await customerTable.insert(tx, { id: newId('cus'), ...toColumns(tx.cipher, { phone, name }) })) ??
    // A concurrent transaction has inserted it.
    (await find());
  if (found === undefined) throw new NotFound('There is no such business.');
  if (name === null || found.name !== null) return toCustomer(tx.cipher, found);
  return toCustomer(tx.cipher, await customerTable.update(tx, found.id, toColumns(tx.cipher, { name })));
}

export async function findCustomerByPhone(tx: Tx, phone: string): Promise<Customer | undefined> {
  const parsed = findPhone(phone);
  if (parsed === undefined) return undefined;
  const row = await findByPhone(tx, parsed);
  return row && toCustomer(tx.cipher, row);
}

export async function getCustomer(tx: Tx, customerId: CustomerId): Promise<Customer> {
  return toCustomer(tx.cipher, unlessMerged(await customerTable.get(tx, customerId)));
}

export async function renameCustomer(tx: Tx, customerId: CustomerId, name: string): Promise<Customer> {
  const row = await customerTable.update(tx, customerId, toColumns(tx.cipher, { name: name.trim() }));
  return toCustomer(tx.cipher, unlessMerged(row));
}

/** Throws if the customer was merged into another, which the message names. */
export function unlessMerged(row: CustomerRow): CustomerRow {
  if (row.mergedInto === null) return row;
  throw new NotFound(`This customer was merged into ${row.mergedInto}.`, {
    code: 'customer-merged',
    data: { mergedInto: row.mergedInto },
  });
}
