import { newId } from '../../platform/data/ids.ts';
import { keyset } from '../../platform/data/keyset.ts';
import type { Page, PageRequest } from '../../platform/data/paging.ts';
import { checkVersion, type RequestedChange } from '../../platform/data/version.ts';
import { Conflict } from '../../platform/process/errors.ts';
import type { TenantActor } from '../tenancy/actor/actor.ts';
import { happened } from '../tenancy/events/events.ts';
import type { Tx } from '../tenancy/tenancy.ts';
import type { CustomerId } from '../tenancy/ids/ids.ts';
import {
  type Customer,
  type CustomerDetails,
  type CustomerRecord,
  toColumns,
  toCustomer,
} from './customer.ts';
import { customerEvents } from './customer-events.ts';
import { findByEmail, findByPhone, listMerged, selectCustomers } from './customer-queries.ts';
import { unlessMerged } from './customer-service.ts';
import { type CustomerRow, customerTable } from './customer-table.ts';
import { nameKey } from './name-key.ts';
import { findPhone, notAPhoneNumber } from './phone.ts';

/* Services for the REST API of customers. */

export interface FindCustomers extends PageRequest {
  /** Prefix of a first or last name. */
  readonly q?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
}

// Ids are created with the customer, and sort by time.
const byId = keyset({ column: 'customer.id' });
const nobody = { data: [], nextCursor: null };

/** Newest first. */
export async function listCustomers(tx: Tx, request: FindCustomers): Promise<Page<Customer>> {
  const { limit, cursor, q, phone, email } = request;
  const ids = await idsOf(tx, { phone, email });
  const [id] = ids;
  // If number and address belong to different customers, nobody has both.
  if (ids.some((each) => each === undefined || each !== id)) return nobody;
  const search = { id, nameKey: q === undefined ? undefined : nameKey(q) };
  if (search.nameKey === '') return nobody;
  const page = await byId.page(selectCustomers(tx, search), { limit, cursor, direction: 'desc' });
  return { ...page, data: page.data.map((row) => toCustomer(tx.cipher, row)) };
}

/** The customer of each of the number and the address given; undefined if there is none. */
async function idsOf(
  tx: Tx,
  { phone, email }: Pick<FindCustomers, 'phone' | 'email'>,
): Promise<(CustomerId | undefined)[]> {
  const found: (CustomerId | undefined)[] = [];
  if (phone !== undefined) {
    const parsed = findPhone(phone);
    found.push(parsed === undefined ? undefined : (await findByPhone(tx, parsed))?.id);
  }
  if (email !== undefined) found.push((await findByEmail(tx, email))?.id);
  return found;
}

export type FoundCustomer =
  | { readonly type: 'found'; readonly customer: CustomerRecord }
  | { readonly type: 'merged'; readonly into: CustomerId };

export async function findCustomer(tx: Tx, customerId: CustomerId): Promise<FoundCustomer> {
  const row = await customerTable.get(tx, customerId);
  return row.mergedInto === null
    ? { type: 'found', customer: await toRecord(tx, row) }
    : { type: 'merged', into: row.mergedInto };
}

export async function toRecord(tx: Tx, row: CustomerRow): Promise<CustomerRecord> {
  const merged = (await listMerged(tx, row.id)).map((other) => toCustomer(tx.cipher, other));
  return { ...toCustomer(tx.cipher, row), otherPhones: merged.flatMap(({ phone }) => phone ?? []) };
}

/** Creates a customer. Number and address are unique; a conflict names the customer that has them. */
export async function createCustomer(
  tx: Tx,
  actor: TenantActor,
  details: CustomerDetails,
): Promise<CustomerRecord> {
  const checked = checkedDetails(details);
  await refuseTaken(tx, checked, undefined);
  const row = await customerTable.insert(tx, { id: newId('cus'), ...toColumns(tx.cipher, checked) });
  if (row === undefined) throw new Conflict('Somebody has just made this customer; read the list again.');
  const after = { ...toCustomer(tx.cipher, row), otherPhones: [] };
  await happened(tx, actor, customerEvents.created({ subject: row.id, after }));
  return after;
}

export async function changeCustomer(
  tx: Tx,
  actor: TenantActor,
  customerId: CustomerId,
  { changes, ifMatch }: RequestedChange<CustomerDetails>,
): Promise<CustomerRecord> {
  const checked = checkedDetails(changes);
  const locked = unlessMerged(await customerTable.lock(tx, customerId));
  if (locked.erasedAt !== null) {
    throw new Conflict('This customer was erased.', { code: 'customer-erased' });
  }
  checkVersion(ifMatch, locked.version);
  const before = await toRecord(tx, locked);
  const columns = toColumns(tx.cipher, checked);
  if (Object.keys(columns).length === 0) return before;
  await refuseTaken(tx, checked, customerId);
  const row = await customerTable.update(tx, customerId, columns);
  const after = { ...toCustomer(tx.cipher, row), otherPhones: before.otherPhones };
  await happened(tx, actor, customerEvents.changed({ subject: customerId, before, after }));
  return after;
}

function checkedDetails({ phone, ...details }: CustomerDetails): CustomerDetails {
  if (phone === undefined || phone === null) return { ...details, phone };
  const parsed = findPhone(phone);
  if (parsed !== undefined) return { ...details, phone: parsed };
  throw notAPhoneNumber(phone, '/phone');
}

async function refuseTaken(
  tx: Tx,
  { phone, email }: CustomerDetails,
  except: CustomerId | undefined,
): Promise<void> {
  const [byPhone, byEmail] = [
    phone ? await findByPhone(tx, phone) : undefined,
    email ? await findByEmail(tx, email) : undefined,
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
