import type { CustomerId } from '../tenancy/ids/ids.ts';
import type { Tx } from '../tenancy/tenancy.ts';
import { type CustomerRow, customerTable } from './customer-table.ts';

/** Leads to who took over, when the one with the number was merged. `phone` in E.164. */
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

/** Locks the customers until the transaction ends; in the order of their ids, so that two merges cannot block each other. */
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

/** Who was merged into the one before is now merged into the other. */
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
  /** The beginning of a first or last name, as `nameKey` gives it. */
  readonly nameKey?: string | undefined;
  readonly id?: CustomerId | undefined;
}

/** Those who were not merged into another; pages and their order are the caller's. */
export function selectCustomers(tx: Tx, { nameKey, id }: CustomerSearch) {
  let query = tx
    .selectFrom('customer')
    .select(customerTable.columns)
    .where('tenantId', '=', tx.tenantId)
    .where('mergedInto', 'is', null);
  if (id !== undefined) query = query.where('id', '=', id);
  if (nameKey === undefined) return query;
  // A range, not LIKE: the only kind of beginning that row-level security lets an index look up.
  const end = `${nameKey}\u{10FFFF}`;
  return query.where((row) =>
    row.or([
      row.and([row('nameKey', '>=', nameKey), row('nameKey', '<', end)]),
      row.and([row('lastNameKey', '>=', nameKey), row('lastNameKey', '<', end)]),
    ]),
  );
}

/** Takes the personal data out of the rows of these customers; returns how many had any left. */
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
