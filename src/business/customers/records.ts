import { z } from 'zod';
import type { Db } from '../../platform/data/db.ts';
import { Conflict, NotFound } from '../../platform/process/errors.ts';
import { newId, type TenantId } from '../../platform/data/ids.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../platform/data/paging.ts';
import { blindIndexes } from '../../platform/crypto/personal-data.ts';
import type { TenantActor } from '../tenancy/access/actor.ts';
import { checkMatch } from '../tenancy/access/etag.ts';
import { recordChange } from '../tenancy/audit/record-change.ts';
import { inTenant } from '../tenancy/tenants/unit-of-work.ts';
import { auditView } from './audit-view.ts';
import { type Customer, type CustomerDetails, toColumns, toCustomer } from './customer.ts';
import { nameKey } from './name-key.ts';
import { findPhone, notAPhoneNumber } from './phone.ts';
import * as queries from './queries.ts';
import { presentCustomer } from './schema.ts';
import { orNotFound } from './service.ts';

/*
 * What people and programs of the business do with customers.
 */

/** A customer with the numbers of those who were merged into this one. */
export interface CustomerRecord extends Customer {
  readonly otherPhones: readonly string[];
}

export interface FindCustomers extends PageRequest {
  /** The beginning of a first or last name. */
  readonly q?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

/** Newest first. */
export function listCustomers(db: Db, tenantId: TenantId, request: FindCustomers): Promise<Page<Customer>> {
  const { limit, cursor, q, phone, email } = request;
  const before = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string()]))[0];
  return inTenant(db, tenantId, async (transaction) => {
    const ids = await idsOf(transaction, tenantId, { phone, email });
    const [id] = ids;
    // Asked for by number and address, and they are two people's: nobody has both.
    if (ids.some((each) => each === undefined || each !== id)) return { data: [], nextCursor: null };
    const search = { id, nameKey: q === undefined ? undefined : nameKey(q) };
    if (search.nameKey === '') return { data: [], nextCursor: null };
    const rows = await queries.listCustomers(transaction, tenantId, search, { limit: limit + 1, before });
    return toPage(rows, limit, (row) => [row.id], toCustomer);
  });
}

/** Whom the number and the address given lead to, each; undefined for nobody. */
async function idsOf(
  transaction: Db,
  tenantId: TenantId,
  { phone, email }: Pick<FindCustomers, 'phone' | 'email'>,
): Promise<(CustomerId | undefined)[]> {
  const found: (CustomerId | undefined)[] = [];
  if (phone !== undefined) {
    const parsed = findPhone(phone);
    const indexes = parsed === undefined ? [''] : blindIndexes(parsed);
    found.push((await queries.findByPhone(transaction, tenantId, indexes))?.id);
  }
  if (email !== undefined) {
    found.push((await queries.findByEmail(transaction, tenantId, blindIndexes(email)))?.id);
  }
  return found;
}

export type FoundCustomer =
  | { readonly type: 'found'; readonly customer: CustomerRecord }
  | { readonly type: 'merged'; readonly into: CustomerId };

export function findCustomer(db: Db, tenantId: TenantId, customerId: CustomerId): Promise<FoundCustomer> {
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.findById(transaction, tenantId, customerId);
    if (row === undefined) throw new NotFound('There is no such customer.');
    return row.mergedInto === null
      ? { type: 'found', customer: await toRecord(transaction, tenantId, row) }
      : { type: 'merged', into: row.mergedInto };
  });
}

export async function toRecord(
  transaction: Db,
  tenantId: TenantId,
  row: queries.CustomerRow,
): Promise<CustomerRecord> {
  const merged = (await queries.listMerged(transaction, tenantId, row.id)).map(toCustomer);
  return { ...toCustomer(row), otherPhones: merged.flatMap(({ phone }) => phone ?? []) };
}

/** Number and address belong to one customer each; who has them already is named. */
export function createCustomer(
  db: Db,
  actor: TenantActor,
  details: CustomerDetails,
): Promise<CustomerRecord> {
  const { tenantId } = actor;
  const checked = checkedDetails(details);
  return inTenant(db, tenantId, async (transaction) => {
    await refuseTaken(transaction, tenantId, checked, undefined);
    const row = await queries.insertCustomer(transaction, tenantId, {
      id: newId('cus'),
      ...toColumns(checked),
    });
    if (row === undefined) throw new Conflict('Somebody has just made this customer; read the list again.');
    const customer = await toRecord(transaction, tenantId, row);
    await recordChange(transaction, actor, {
      action: 'customer.created',
      resource: 'customer',
      resourceId: row.id,
      after: auditView(customer),
    });
    return customer;
  });
}

export function changeCustomer(
  db: Db,
  actor: TenantActor,
  customerId: CustomerId,
  { changes, ifMatch }: { readonly changes: CustomerDetails; readonly ifMatch: string | undefined },
): Promise<CustomerRecord> {
  const { tenantId } = actor;
  const checked = checkedDetails(changes);
  return inTenant(db, tenantId, async (transaction) => {
    const [locked] = await queries.lockByIds(transaction, tenantId, [customerId]);
    const before = await toRecord(transaction, tenantId, orNotFound(locked));
    if (before.erasedAt !== null)
      throw new Conflict('This customer was erased.', { code: 'customer-erased' });
    checkMatch(ifMatch, presentCustomer(before));
    await refuseTaken(transaction, tenantId, checked, customerId);
    const row = await queries.updateCustomer(transaction, tenantId, customerId, toColumns(checked));
    const after = await toRecord(transaction, tenantId, orNotFound(row));
    await recordChange(transaction, actor, {
      action: 'customer.changed',
      resource: 'customer',
      resourceId: customerId,
      before: auditView(before),
      after: auditView(after),
    });
    return after;
  });
}

function checkedDetails({ phone, ...details }: CustomerDetails): CustomerDetails {
  if (phone === undefined || phone === null) return { phone, ...details };
  const parsed = findPhone(phone);
  if (parsed !== undefined) return { ...details, phone: parsed };
  throw notAPhoneNumber(phone, '/phone');
}

async function refuseTaken(
  transaction: Db,
  tenantId: TenantId,
  { phone, email }: CustomerDetails,
  except: CustomerId | undefined,
): Promise<void> {
  const [byPhone, byEmail] = [
    phone ? await queries.findByPhone(transaction, tenantId, blindIndexes(phone)) : undefined,
    email ? await queries.findByEmail(transaction, tenantId, blindIndexes(email)) : undefined,
  ];
  for (const [what, taken] of [
    ['number', byPhone],
    ['e-mail address', byEmail],
  ] as const) {
    if (taken === undefined || taken.id === except) continue;
    throw new Conflict(`${taken.id} has this ${what} already; change or merge that customer.`, {
      code: 'customer-exists',
      data: { customerId: taken.id },
    });
  }
}
