import type { Db } from '../../platform/db.ts';
import { NotFound } from '../../platform/errors.ts';
import { type CustomerId, newId, type TenantId } from '../../platform/ids.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import { findPhone, parsePhone } from './phone.ts';
import * as queries from './queries.ts';

export interface Customer {
  readonly id: CustomerId;
  /** E.164. */
  readonly phone: string;
  readonly name: string | null;
  readonly createdAt: Date;
}

/** The customer with this number, made if new. A name is only filled in where none is known. */
export async function findOrCreateCustomerByPhone(
  db: Db,
  tenantId: TenantId,
  input: { readonly phone: string; readonly name?: string | undefined },
): Promise<Customer> {
  const phone = parsePhone(input.phone);
  const name = input.name?.trim() || null;
  return inTenant(db, tenantId, async (transaction) => {
    const found =
      (await queries.findByPhone(transaction, tenantId, phone)) ??
      (await queries.insertCustomer(transaction, tenantId, { id: newId('cus'), phone, name })) ??
      // Somebody else inserted it in between.
      (await queries.findByPhone(transaction, tenantId, phone));
    if (found === undefined) throw new NotFound('There is no such business.');
    if (name === null || found.name !== null) return found;
    return (await queries.setName(transaction, tenantId, found.id, name)) ?? found;
  });
}

export function findCustomerByPhone(
  db: Db,
  tenantId: TenantId,
  phone: string,
): Promise<Customer | undefined> {
  const parsed = findPhone(phone);
  if (parsed === undefined) return Promise.resolve(undefined);
  return inTenant(db, tenantId, (transaction) => queries.findByPhone(transaction, tenantId, parsed));
}

export function getCustomer(db: Db, tenantId: TenantId, customerId: CustomerId): Promise<Customer> {
  return inTenant(db, tenantId, async (transaction) => {
    const customer = await queries.findById(transaction, tenantId, customerId);
    if (customer === undefined) throw new NotFound('There is no such customer.');
    return customer;
  });
}

export function renameCustomer(
  db: Db,
  tenantId: TenantId,
  customerId: CustomerId,
  name: string,
): Promise<Customer> {
  return inTenant(db, tenantId, async (transaction) => {
    const customer = await queries.setName(transaction, tenantId, customerId, name.trim());
    if (customer === undefined) throw new NotFound('There is no such customer.');
    return customer;
  });
}
