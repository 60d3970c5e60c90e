import { type Insertable, sql, type Updateable } from 'kysely';
import type { CustomerTable } from './customer-table.ts';
import type { Db } from '../../platform/data/db.ts';
import type { TenantId } from '../../platform/data/ids.ts';
import type { CustomerId } from '../tenancy/references/ids.ts';

const columns = [
  'id',
  'phoneEncrypted',
  'emailEncrypted',
  'addressEncrypted',
  'name',
  'mergedInto',
  'erasedAt',
  'createdAt',
  'updatedAt',
] as const;

export function insertCustomer(
  db: Db,
  tenantId: TenantId,
  customer: Omit<Insertable<CustomerTable>, 'tenantId'>,
) {
  return (
    db
      .insertInto('customer')
      .values({ tenantId, ...customer })
      // Somebody with this number or e-mail address is there already.
      .onConflict((conflict) => conflict.doNothing())
      .returning(columns)
      .executeTakeFirst()
  );
}

/** By the indexes of the number under each key; leads to who took over, when the one with the number was merged. */
export function findByPhone(db: Db, tenantId: TenantId, phoneIndexes: readonly string[]) {
  return findByIndex(db, tenantId, 'phoneIndex', phoneIndexes);
}

export function findByEmail(db: Db, tenantId: TenantId, emailIndexes: readonly string[]) {
  return findByIndex(db, tenantId, 'emailIndex', emailIndexes);
}

function findByIndex(
  db: Db,
  tenantId: TenantId,
  column: 'phoneIndex' | 'emailIndex',
  indexes: readonly string[],
) {
  return db
    .selectFrom('customer')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', (query) =>
      query
        .selectFrom('customer as named')
        .select((row) => row.fn.coalesce('named.mergedInto', 'named.id').as('id'))
        .where('named.tenantId', '=', tenantId)
        .where(`named.${column}`, 'in', indexes)
        .limit(1),
    )
    .executeTakeFirst();
}

export function findById(db: Db, tenantId: TenantId, customerId: CustomerId) {
  return db
    .selectFrom('customer')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', customerId)
    .executeTakeFirst();
}

export type CustomerRow = NonNullable<Awaited<ReturnType<typeof findById>>>;

/** Holds the customers until the transaction ends; in the order of their ids, so that two merges cannot block each other. */
export function lockByIds(db: Db, tenantId: TenantId, customerIds: readonly CustomerId[]) {
  return db
    .selectFrom('customer')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', 'in', customerIds)
    .orderBy('id')
    .forUpdate()
    .execute();
}

export function updateCustomer(
  db: Db,
  tenantId: TenantId,
  customerId: CustomerId,
  changes: Updateable<CustomerTable>,
) {
  return db
    .updateTable('customer')
    .set({ ...changes, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', customerId)
    .returning(columns)
    .executeTakeFirst();
}

/** Those who were merged into this one. */
export function listMerged(db: Db, tenantId: TenantId, customerId: CustomerId) {
  return db
    .selectFrom('customer')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('mergedInto', '=', customerId)
    .orderBy('id')
    .execute();
}

export interface CustomerSearch {
  /** The beginning of a first or last name, as `nameKey` gives it. */
  readonly nameKey?: string | undefined;
  readonly id?: CustomerId | undefined;
}

export interface CustomerWindow {
  readonly limit: number;
  readonly before: string | undefined;
}

/** Newest first: ids are made when a customer is, and sort by time. */
export function listCustomers(
  db: Db,
  tenantId: TenantId,
  search: CustomerSearch,
  page: CustomerWindow,
): Promise<CustomerRow[]> {
  return selectCustomers(db, tenantId, search, page).execute();
}

/** The query of `listCustomers`, for looking at its plan. */
export function selectCustomers(db: Db, tenantId: TenantId, search: CustomerSearch, page: CustomerWindow) {
  let query = db
    .selectFrom('customer')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('mergedInto', 'is', null);
  const { nameKey } = search;
  if (nameKey !== undefined) {
    // A range, not LIKE: the only kind of beginning that row-level security lets an index look up.
    const end = `${nameKey}\u{10FFFF}`;
    query = query.where((row) =>
      row.or([
        row.and([row('nameKey', '>=', nameKey), row('nameKey', '<', end)]),
        row.and([row('lastNameKey', '>=', nameKey), row('lastNameKey', '<', end)]),
      ]),
    );
  }
  if (search.id !== undefined) query = query.where('id', '=', search.id);
  if (page.before !== undefined) query = query.where('id', '<', page.before as CustomerId);
  return query.orderBy('id', 'desc').limit(page.limit);
}
