import type { Db } from '../../platform/data/db.ts';
import { NotFound } from '../../platform/process/errors.ts';
import { newId, type TenantId } from '../../platform/data/ids.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';
import { blindIndexes } from '../../platform/crypto/personal-data.ts';
import { inTenant } from '../tenancy/tenants/unit-of-work.ts';
import { type Customer, toColumns, toCustomer } from './customer.ts';
import { findPhone, parsePhone } from './phone.ts';
import * as queries from './queries.ts';

/*
 * What calls, chats and tools use. What people of the business do with customers is in `records.ts`.
 */

export type { Customer } from './customer.ts';

/** The customer with this number, made if new. A name is only filled in where none is known. */
export async function findOrCreateCustomerByPhone(
  db: Db,
  tenantId: TenantId,
  input: { readonly phone: string; readonly name?: string | undefined },
): Promise<Customer> {
  const phone = parsePhone(input.phone, '/customer/phone');
  const name = input.name?.trim() || null;
  return inTenant(db, tenantId, async (transaction) => {
    const find = () => queries.findByPhone(transaction, tenantId, blindIndexes(phone));
    const found =
      (await find()) ??
      (await queries.insertCustomer(transaction, tenantId, {
        id: newId('cus'),
        ...toColumns({ phone, name }),
      })) ??
      // Somebody else inserted it in between.
      (await find());
    if (found === undefined) throw new NotFound('There is no such business.');
    if (name === null || found.name !== null) return toCustomer(found);
    const named = await queries.updateCustomer(transaction, tenantId, found.id, toColumns({ name }));
    return toCustomer(named ?? found);
  });
}

export function findCustomerByPhone(
  db: Db,
  tenantId: TenantId,
  phone: string,
): Promise<Customer | undefined> {
  const parsed = findPhone(phone);
  if (parsed === undefined) return Promise.resolve(undefined);
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.findByPhone(transaction, tenantId, blindIndexes(parsed));
    return row === undefined ? undefined : toCustomer(row);
  });
}

export function getCustomer(db: Db, tenantId: TenantId, customerId: CustomerId): Promise<Customer> {
  return inTenant(db, tenantId, async (transaction) =>
    toCustomer(orNotFound(await queries.findById(transaction, tenantId, customerId))),
  );
}

export function renameCustomer(
  db: Db,
  tenantId: TenantId,
  customerId: CustomerId,
  name: string,
): Promise<Customer> {
  return inTenant(db, tenantId, async (transaction) => {
    const columns = toColumns({ name: name.trim() });
    return toCustomer(orNotFound(await queries.updateCustomer(transaction, tenantId, customerId, columns)));
  });
}

/** A customer who was merged is no longer one; the message tells who is. */
export function orNotFound(row: queries.CustomerRow | undefined): queries.CustomerRow {
  if (row === undefined) throw new NotFound('There is no such customer.');
  if (row.mergedInto !== null) {
    throw new NotFound(`This customer was merged into ${row.mergedInto}.`, {
      code: 'customer-merged',
      data: { mergedInto: row.mergedInto },
    });
  }
  return row;
}
