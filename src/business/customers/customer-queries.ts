import type { CustomerId } from '../tenancy/ids/ids.ts';
import type { Tx } from '../tenancy/tenancy.ts';
import { type CustomerRow, customerTable } from './customer-table.ts';

/** Finds a customer by a number in E.164; if it was merged, the customer that stayed. */
export function findByPhone(tx: Tx, phone: string): Promise<CustomerRow | undefined> {
  return findByIndex(tx, 'phoneIndex', phone);
}

export function findByEmail(tx: Tx, email: string): Promise<CustomerRow | undefined> {
  return findByIndex(tx, 'emailIndex', email);
}

function findByIndex(tx: Tx, column: 'phoneIndex' | 'emailIndex', text: string) {
  return tx
    .selectFrom('customer')
    .select(customerTable.columns)
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', (query) =>
      query
        .selectFrom('customer as named')
        .select((row) => row.fn.coalesce('named.mergedInto', 'named.id').as('id'))
        .where('named.tenantId', '=', tx.tenantId)
        .where(`named.${column}`, 'in', tx.cipher.blindIndexes(text))
        .limit(1),
    )
    .executeTakeFirst();
}

/**
 * Locks the customers until the transaction ends; in the order of their ids, so that two merges cannot block each
 * other.
 */
export function lockByIds(tx: Tx, customerIds: readonly CustomerId[]): Promise<CustomerRow[]> {
  return tx
    .selectFrom('customer')
    .select(customerTable.columns)
    .where('tenantId', '=', tx.tenantId)
    .where('id', 'in', customerIds)
    .orderBy('id')
    .forUpdate()
    .execute();
}

/** Those who were merged into this one. */
export function listMerged(tx: Tx, customerId: CustomerId): Promise<CustomerRow[]> {
  return tx
    .selectFrom('customer')
    .select(customerTable.columns)
    .where('tenantId', '=', tx.tenantId)
    .where('mergedInto', '=', customerId)
    .orderBy('id')
    .execute();
}

/** Repoints customers that were merged into the first one to the other. */
export async function moveMerged(
  tx: Tx,
  { from, to }: { readonly from: CustomerId; readonly to: CustomerId },
): Promise<void> {
  await tx
    .updateTable('customer')
    .set({ mergedInto: to })
    .where('tenantId', '=', tx.tenantId)
    .where('mergedInto', '=', from)
    .execute();
}

export interface CustomerSearch {
  /** Prefix of a first or last name, normalised by `nameKey`. */
  readonly nameKey?: string | undefined;
  readonly id?: CustomerId | undefined;
}

/** Customers that were not merged into another; the caller adds order and limit. */
export function selectCustomers(tx: Tx, { nameKey, id }: CustomerSearch) {
  let query = tx
    .selectFrom('customer')
    .select(customerTable.columns)
    .where('tenantId', '=', tx.tenantId)
    .where('mergedInto', 'is', null);
  if (id !== undefined) query = query.where('id', '=', id);
  if (nameKey === undefined) return query;
  // A range instead of LIKE, which cannot use an index under row-level security, because it is not leakproof.
  const end = `${nameKey}\u{10FFFF}`;
  return query.where((row) =>
    row.or([
      row.and([row('nameKey', '>=', nameKey), row('nameKey', '<', end)]),
      row.and([row('lastNameKey', '>=', nameKey), row('lastNameKey', '<', end)]),
    ]),
  );
}

/** Erases personal data in the rows of these customers; returns how many had any. */
export async function eraseCustomerRows(tx: Tx, ids: readonly CustomerId[], at: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('customer')
    .set((row) => ({
      phoneEncrypted: null,
      phoneIndex: null,
      emailEncrypted: null,
      emailIndex: null,
      addressEncrypted: null,
      name: null,
      nameKey: null,
      lastNameKey: null,
      erasedAt: at,
      updatedAt: at,
      version: row('version', '+', 1),
    }))
    .where('tenantId', '=', tx.tenantId)
    .where('id', 'in', ids)
    .where('erasedAt', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
